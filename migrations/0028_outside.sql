-- What looking at this service from outside needs.

-- One row for each replica, which it claims anew whenever somebody asks whether it is ready: see src/outside/proof.ts.
create table proof (
  replica uuid primary key,
  count bigint not null,
  at timestamptz not null
) with (fillfactor = 50);

-- The heartbeat that we send to somebody outside: one row, claimed by the replica that sends it.
create table outgoing_heartbeat (
  id boolean primary key default true check (id),
  claimed_at timestamptz,         -- null: whoever comes next may send it
  sent_at timestamptz,            -- when it last arrived
  failed_at timestamptz,
  failure text,                   -- without the address, which is a secret
  withheld_at timestamptz,        -- when it was last kept back, because not everything was well
  withheld text[] not null default '{}' -- words of Unwell, see src/alert/unwell.ts
);

-- The messages that say once a day that all is well, as admins edit them; see dailyMessageSchema.
create table daily_message (
  id int generated always as identity primary key,
  name text not null unique,
  contacts text[] not null default '{}', -- names, as in the YAML
  channels text[] not null default '{}',
  robots text[] not null default '{}',
  at text not null,               -- time of day such as 09:00
  timezone text not null,         -- whose clock it goes by
  managed boolean not null default false,
  unlocked boolean not null default false,
  version int not null default 1,
  updated_at timestamptz not null,
  updated_by text
);

-- Alerts that somebody was told of as flapping: counted whenever somebody scrapes.
create index receipt_flapping on receipt (alert_fingerprint) where state = 'flapping';
