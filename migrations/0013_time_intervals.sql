-- Time intervals as admins edit them, and silences that recur by them.

create table time_interval (
  id int generated always as identity primary key,
  name text not null unique,
  time_intervals jsonb not null,  -- the entries, as Alertmanager writes them
  managed boolean not null default false,
  unlocked boolean not null default false,
  version int not null default 1,
  updated_at timestamptz not null,
  updated_by text
);

-- Names, as in the YAML; the edit that stores them checks that they are there. None: the silence hides all the time.
alter table silence add column time_intervals text[] not null default '{}';

-- Older versions of silences say the same: none.
update revision set body = body || '{"time_intervals": []}' where section = 'silences';
