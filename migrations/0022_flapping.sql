-- The last firing periods of each alert that are over, oldest first: [[since, end], ...] in milliseconds since 1970. Its last
-- one belongs to the episode before the present one, or to the present one when that has ended.
alter table alert add column periods jsonb not null default '[]';

-- Whoever was told that an alert flaps is told nothing more of it until that is over.
alter table receipt drop constraint receipt_state_check;
alter table receipt add constraint receipt_state_check
  check (state in ('firing', 'resolved', 'flapping', 'undeliverable')) not valid;
