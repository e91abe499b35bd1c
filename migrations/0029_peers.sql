-- Other sites that this one watches, as admins edit them; see peerSchema.
create table peer (
  id int generated always as identity primary key,
  name text not null unique,      -- what the other site calls itself
  url text not null,
  secret text not null,           -- shared by the two sites
  managed boolean not null default false,
  unlocked boolean not null default false,
  version int not null default 1,
  updated_at timestamptz not null,
  updated_by text
);

-- What is known of each: written by the replica that holds the lease, read by all.
create table peer_state (
  peer_id int primary key references peer on delete cascade,
  state text not null check (state in ('unknown', 'up', 'suspect', 'down', 'leaving')),
  since timestamptz not null,
  verdict text check (verdict in ('down', 'road', 'cut_off')),
  evidence jsonb not null,        -- see evidenceSchema
  status jsonb,                   -- its last deep status
  clock_offset_ms bigint,
  leaving_since timestamptz       -- an announced stop
) with (fillfactor = 70);

-- Alarms about them. The start is in the row, so whoever submits it again says the same.
create table peer_alarm (
  peer text not null,             -- a name: the alarm ends also when the peer is deleted; '' = about this site itself
  alertname text not null,
  labels jsonb not null,
  annotations jsonb not null,
  started_at timestamptz not null,
  ended_at timestamptz,           -- null: it is out; the next one begins after it, whatever the clock says by then
  primary key (peer, alertname)
);

-- Which replica probes. By the database's clock.
create table peer_lease (
  id boolean primary key default true check (id),
  holder uuid not null,
  until timestamptz not null
);
