-- What the storm of an alert group is told from, one row for each group whose policy knows storms.
create table storm (
  group_id int primary key references alert_group on delete cascade,
  began_at timestamptz,                -- of the last one; null = there was none
  first_at timestamptz,                -- when it was told of first; its other times follow at intervals
  ended_at timestamptz,                -- null = it goes on
  alerts int not null default 0,       -- that have begun since it began
  recent jsonb not null default '[]'   -- [[milliseconds since 1970, alerts that began then], ...], oldest first
) with (fillfactor = 50);

-- The last episode that counted towards a storm of the incident's alert group.
alter table incident_alert add column counted_episode int;

-- Notifications of one destination that share this are told in one message.
alter table notification add column together text;

-- Something critical has begun in the incident: it is decided before those that are only due for longer.
alter table incident_due add column urgent boolean not null default false;
