-- On-call schedules as admins edit them, and the alert groups that tell whoever is on call.

create table schedule (
  id int generated always as identity primary key,
  name text not null unique,
  timezone text not null,         -- whose clock the hand-overs go by
  layers jsonb not null,          -- the later wins
  overrides jsonb not null,       -- the later wins, and all of them over the layers
  managed boolean not null default false,
  unlocked boolean not null default false,
  version int not null default 1,
  updated_at timestamptz not null,
  updated_by text
);

-- Names, as in the YAML; the edit that stores them checks that they are there.
alter table alert_group add column schedules text[] not null default '{}';

-- Older versions of alert groups say the same: none.
update revision set body = body || '{"schedules": []}' where section = 'alert_groups';
