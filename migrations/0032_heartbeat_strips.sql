-- What each stream of beats has been through of late, for the strip on the page: a row for each change of its state. What
-- was before is in the row too, so that a strip can begin anywhere without reading further back.
create table heartbeat_change (
  id bigint generated always as identity primary key,
  stream_id int not null references heartbeat_stream on delete cascade,
  at timestamptz not null,
  was text not null,
  state text not null
);
create index heartbeat_change_stream on heartbeat_change (stream_id, at);
create index heartbeat_change_at on heartbeat_change (at);
