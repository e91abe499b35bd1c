-- Inhibition rules as admins edit them, and what follows from them now.

create table inhibition_rule (
  id int generated always as identity primary key,
  name text not null unique,
  source_matchers text[] not null,
  target_matchers text[] not null,
  equal text[] not null,
  managed boolean not null default false,
  unlocked boolean not null default false,
  version int not null default 1,
  updated_at timestamptz not null,
  updated_by text
);

-- The alerts that fire and match the source side of a rule. What is equal to the rule has the same key.
create table inhibitor (
  alert_fingerprint text collate "C" not null,
  rule_id int not null references inhibition_rule on delete cascade,
  equal_key text collate "C" not null,
  both_sides boolean not null,    -- it matches the target side too, and so inhibits nothing that does
  primary key (rule_id, equal_key, alert_fingerprint)
);
create index inhibitor_alert on inhibitor (alert_fingerprint);

-- What the last decision of an open incident found inhibited: it is decided again when nothing inhibits that any more.
create table inhibited (
  incident_id bigint not null references incident on delete cascade,
  rule_id int not null references inhibition_rule on delete cascade,
  equal_key text collate "C" not null,
  both_sides boolean not null,    -- of its alerts
  alerts int not null,            -- so many of them
  inhibitor text collate "C" not null, -- the fingerprint of one that inhibits them
  primary key (incident_id, rule_id, equal_key, both_sides)
);
create index inhibited_rule on inhibited (rule_id, equal_key);
