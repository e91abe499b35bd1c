-- Asking the Alertmanagers of a source what they hold, instead of only waiting for what they post: see src/polls/.

alter table source add column prometheus_url text; -- of the Prometheus behind it
alter table source add column api_user text;       -- null: api_token is a bearer token, else the password of this user
alter table source add column api_token text;      -- a secret: what polls authenticate with, null: nothing

-- One row for each source whose members are asked: claimed by the replica that asks them this time.
create table poll_round (
  source_id int primary key references source on delete cascade,
  claimed_at timestamptz not null,
  complete_at timestamptz         -- when last all of its members answered, and could be believed
) with (fillfactor = 50);

-- What a member, or the Prometheus behind the source, last answered.
create table poll_member (
  source_id int not null references source on delete cascade,
  kind text not null check (kind in ('alertmanager', 'prometheus')),
  member text not null,           -- name; of a Prometheus empty
  url text not null,
  polled_at timestamptz not null,
  ok_at timestamptz,
  error text,                     -- of the last poll; null: it was answered
  misses int not null default 0,  -- polls in a row without an answer
  version text,
  started_at text,                -- as it says itself
  started_seen_at timestamptz,    -- when we first heard of this start
  cluster text,
  peers int,                      -- members of the cluster that it sees, itself among them
  skew_ms bigint,                 -- by how much its clock is ahead of ours
  alerts int,                     -- how many it holds
  beats jsonb not null default '{}', -- heartbeats that it holds: fingerprint to how long ago it heard of it, in ms
  primary key (source_id, kind, member)
) with (fillfactor = 50);

-- What does not fit together yet: it becomes a finding when it lasts.
create table poll_watch (
  source_id int not null references source on delete cascade,
  kind text not null check (kind in ('missed_alert', 'missed_resolve')),
  fingerprint text collate "C" not null, -- of the full labels, as of a reporter
  since timestamptz not null,
  polls int not null,
  primary key (source_id, kind, fingerprint)
);

-- What polls have found and posts had not brought.
create table poll_finding (
  id bigint generated always as identity primary key,
  source_id int not null references source on delete cascade,
  kind text not null check (kind in ('missed_alert', 'missed_resolve')),
  alert_fingerprint text collate "C" not null,
  labels jsonb not null,
  since timestamptz not null,     -- of the first poll that showed it
  found_at timestamptz not null
);
create index poll_finding_found on poll_finding (found_at);

-- Names of the receivers, in the configuration of its Alertmanagers, by which a source posts here.
create table source_receiver (
  source_id int not null references source on delete cascade,
  receiver text not null,
  seen_at timestamptz not null,
  primary key (source_id, receiver)
);

-- Which part is gone, as it was found when the alarm that is out was raised: see src/alert/blame.ts.
alter table heartbeat_stream add column blame jsonb;
