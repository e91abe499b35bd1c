-- Read by the explanation of what a person or a room got at a moment.

-- What was decided and done for a destination. What reports leave behind has none, so intake pays nothing for it.
create index step_destination on step (destination_id, at) where destination_id is not null;
create index reporter_first_seen on reporter using brin (first_seen);

-- When a source posted nothing for longer than a minute: between these it did.
create table source_gap (
  source_id int not null references source on delete cascade,
  from_at timestamptz not null,           -- its last post before; the epoch when there was none
  to_at timestamptz not null,             -- its next one
  unknown boolean not null default false, -- nobody noted then when it posted
  primary key (source_id, from_at)
);
create index source_gap_to on source_gap (to_at); -- read by retention

insert into source_gap (source_id, from_at, to_at, unknown)
select source_id, 'epoch', last_post_at, true from source_activity where last_post_at is not null;
