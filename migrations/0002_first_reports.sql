-- A first report leaves no step: its reporter says when it came and since when it fired then. One row and two index
-- entries less for each new alert. Null where the first report was stored as a step, or was not of a firing alert.
alter table reporter add column first_seen timestamptz;
alter table reporter add column first_firing_at timestamptz;
