-- Monitor Manager, first schema. Times are timestamptz and come in as parameters; only leases use the database's clock.

-- One row: the version of everything that admins edit. Every edit adds one in its own transaction, so a reader
-- knows with one cheap read whether its snapshot is of today.
create table config_version (
  only_row boolean primary key default true check (only_row),
  version bigint not null,
  routing_version bigint not null default 1, -- of the last edit of an alert group: only such an edit moves open alerts
  changed_at timestamptz not null
);
insert into config_version (version, changed_at) values (1, 'epoch');

-- ---------------------------------------------------------------- what admins edit

create table source (
  id int generated always as identity primary key,
  name text not null unique,
  site text not null default '',
  kind text not null default 'alertmanager' check (kind in ('alertmanager', 'self')),
  labels jsonb not null default '{}',
  members jsonb not null default '[]',
  managed boolean not null default false,
  version int not null default 1,
  updated_at timestamptz not null
);

-- Several per source, for rotation. Only the hash is kept.
create table source_token (
  id int generated always as identity primary key,
  source_id int not null references source on delete cascade,
  hash text not null unique,
  created_at timestamptz not null
);
create index source_token_source on source_token (source_id);

create table contact (
  id int generated always as identity primary key,
  name text not null unique,
  email text,
  wecom text,
  openid text,
  locale text not null,
  timezone text not null,
  managed boolean not null default false,
  version int not null default 1,
  updated_at timestamptz not null
);

create table robot (
  id int generated always as identity primary key,
  name text not null unique,
  key text not null,
  locale text not null,
  timezone text not null,
  managed boolean not null default false,
  version int not null default 1,
  updated_at timestamptz not null
);

-- Members and robots are names, as in the YAML; the edit that stores them checks that they exist.
create table alert_group (
  id int generated always as identity primary key,
  name text not null,
  builtin text unique check (builtin in ('unrouted', 'self', 'watchdog')),
  position int not null,
  matchers text[] not null default '{}',
  continue boolean not null default false,
  members text[] not null default '{}',
  channels text[] not null default '{}',
  robots text[] not null default '{}',
  policy jsonb not null default '{}',
  managed boolean not null default false,
  version int not null default 1,
  updated_at timestamptz not null,
  deleted_at timestamptz          -- kept for the incidents that were its own
);
create unique index alert_group_name on alert_group (name) where deleted_at is null;

create table silence (
  id text primary key,
  name text unique,
  matchers jsonb not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  created_by text not null,
  comment text not null,
  managed boolean not null default false,
  version int not null default 1,
  updated_at timestamptz not null
);

create table heartbeat (
  id int generated always as identity primary key,
  name text not null unique,
  source text references source (name) on update cascade on delete cascade,
  matchers text[] not null,
  timeout_ms int not null,
  alert_group text,               -- its name
  managed boolean not null default false,
  version int not null default 1,
  updated_at timestamptz not null
);

create table api_token (
  id int generated always as identity primary key,
  name text not null,
  hash text not null unique,
  role text not null,
  created_at timestamptz not null,
  expires_at timestamptz
);

-- ---------------------------------------------------------------- receive and dedupe

create table reporter (
  source_id int not null,
  fingerprint text not null,
  alert_fingerprint text not null,
  replica_labels jsonb,
  annotations jsonb not null,
  generator_url text,
  group_key text not null,
  firing_at timestamptz not null, -- F: latest firing startsAt
  resolved_at timestamptz,        -- R: latest resolved endsAt; it fires iff F > R
  last_seen timestamptz not null,
  primary key (source_id, fingerprint)
) with (fillfactor = 70);
create index reporter_alert on reporter (alert_fingerprint);

-- Written by dedupe only when it is new; its state only by the decision that derives it. So the two never wait
-- for each other here.
create table alert (
  fingerprint text primary key,
  labels jsonb not null,
  lane text not null check (lane in ('normal', 'watchdog')),
  pinned_group text,
  state text not null default 'resolved' check (state in ('firing', 'resolved', 'stale', 'expired')),
  episode int not null default 0,
  since timestamptz not null,
  ended_at timestamptz,
  changed_at timestamptz not null,
  first_seen timestamptz not null,
  routed_version bigint not null
) with (fillfactor = 70);

-- How often one Alertmanager group is repeated when nothing changed; teaches when silence means "no longer reported".
create table source_group (
  source_id int not null,
  group_key text not null,
  last_post_at timestamptz not null,
  longest_gap_ms bigint not null default 0,
  repeats int not null default 0,
  primary key (source_id, group_key)
) with (fillfactor = 70);

create table source_activity (
  source_id int primary key references source on delete cascade,
  last_post_at timestamptz,
  longest_gap_ms bigint not null default 0,
  state text not null default 'ok' check (state in ('ok', 'quiet')),
  last_error text,
  last_error_at timestamptz
) with (fillfactor = 70);

create table quarantine (
  id bigint generated always as identity primary key,
  source_id int,
  received_at timestamptz not null,
  reason text not null,
  excerpt text not null
);
create index quarantine_received on quarantine (received_at);

-- Our own absences: time that counts against nobody.
create table tick (name text primary key, at timestamptz not null);
create table outage (
  id bigint generated always as identity primary key,
  from_at timestamptz not null,
  to_at timestamptz not null
);

-- ---------------------------------------------------------------- converge

create table incident (
  id bigint generated always as identity primary key,
  group_id int not null references alert_group on delete cascade,
  group_key text not null,        -- hash of lane and the values of group_by
  group_labels jsonb not null,
  lane text not null,
  opened_at timestamptz not null,
  closed_at timestamptz,
  due_at timestamptz,             -- when to decide next; null = when something is reported
  last_flush_at timestamptz,
  critical boolean not null default false,
  acknowledged_at timestamptz,
  acknowledged_by text,
  acknowledged_critical boolean,  -- what it was then: a higher severity lifts the acknowledgement
  alert_count int not null default 0, -- at the last decision
  look_again_at timestamptz,      -- reports do not make it due before this
  decided_version bigint not null -- configuration version of the last decision, or of its opening
) with (fillfactor = 70);
create unique index incident_open on incident (group_id, group_key) where closed_at is null;
create index incident_by_due on incident (due_at) where due_at is not null; -- read by the sweep
create index incident_recent on incident (group_id, group_key, closed_at desc); -- read when one may reopen
create index incident_closed on incident (closed_at) where closed_at is not null; -- read by retention

-- "Look at this incident": what reports leave behind. A row of its own, because a decision holds the incident's lock
-- while it loads thousands of alerts, and intake must not wait for it.
create table incident_due (
  id bigint generated always as identity primary key,
  incident_id bigint not null,
  due_at timestamptz not null
);
create index incident_due_at on incident_due (due_at);
create index incident_due_incident on incident_due (incident_id);

-- No foreign key: it would be checked for every alert of a storm. Retention deletes these rows with their incident.
create table incident_alert (
  incident_id bigint not null,
  alert_fingerprint text not null,
  joined_at timestamptz not null,
  left_at timestamptz,
  primary key (incident_id, alert_fingerprint)
);
create index incident_alert_alert on incident_alert (alert_fingerprint);

create table destination (
  id int generated always as identity primary key,
  channel text not null,
  address text not null,
  name text not null,             -- of the contact or robot, for people
  locale text not null,
  timezone text not null,
  tokens double precision,        -- token bucket; null = full
  tokens_at timestamptz,
  failures int not null default 0,
  retry_at timestamptz,           -- back-off of the whole destination
  summary_due boolean not null default false, -- its channel has just been configured: say everything in one message
  last_accepted_at timestamptz,
  last_failed_at timestamptz,
  last_failure text,
  created_at timestamptz not null,
  unique (channel, address)
) with (fillfactor = 70);

-- One conversation: what an incident tells one destination.
create table thread (
  incident_id bigint not null references incident on delete cascade,
  destination_id int not null references destination on delete cascade,
  sequence int not null default 0,
  joined_at timestamptz,          -- set for a member that came after the first flush: it waits for the next change
  last_accepted_at timestamptz,
  primary key (incident_id, destination_id)
) with (fillfactor = 70);

create table receipt (
  destination_id int not null references destination on delete cascade,
  alert_fingerprint text not null,
  episode int not null,
  state text not null check (state in ('firing', 'resolved', 'undeliverable')),
  told_at timestamptz not null,
  primary key (destination_id, alert_fingerprint)
) with (fillfactor = 70);
create index receipt_alert on receipt (alert_fingerprint);

-- ---------------------------------------------------------------- deliver

create table notification (
  id bigint generated always as identity primary key,
  destination_id int not null references destination on delete cascade,
  incident_id bigint references incident on delete cascade, -- null only for a test message
  sequence int not null,
  state text not null check (state in ('pending', 'sending', 'accepted', 'cancelled', 'undeliverable')),
  reason text not null,           -- why it exists; then why it ended
  priority smallint not null default 0, -- 0 normal, 1 critical, 2 watchdog
  next_at timestamptz,            -- when it may be claimed
  carrier_id bigint,              -- the notification whose message carries this one too
  fence int not null default 0,
  lease_until timestamptz,        -- the database's clock
  attempts int not null default 0,
  message_id text,                -- fixed at the first claim
  content jsonb,                  -- frozen bytes; null until claimed
  told jsonb,                     -- what receipts move when it is accepted: [[alert, episode, state], ...]
  group_version int,
  answer text,
  remedy text,
  created_at timestamptz not null,
  finished_at timestamptz
) with (fillfactor = 70);
create unique index notification_open on notification (incident_id, destination_id)
  where state in ('pending', 'sending'); -- at most one open notification per incident and destination
create index notification_due on notification (destination_id, next_at) where state in ('pending', 'sending');
create index notification_created on notification (created_at);
create index notification_incident on notification (incident_id);
create index notification_carrier on notification (carrier_id) where carrier_id is not null;

create table attempt (
  id bigint generated always as identity primary key,
  notification_id bigint not null references notification on delete cascade,
  number int not null,
  fence int not null,
  started_at timestamptz not null,
  finished_at timestamptz,
  outcome text,                   -- accepted, or the failure's kind; null = nobody knows
  reason text,
  answer text
);
create index attempt_notification on attempt (notification_id);

-- Tokens that providers give us, one row for all replicas; refreshed under its row lock.
create table channel_token (
  key text primary key,
  token text,
  refresh_at timestamptz,
  expires_at timestamptz,
  retry_at timestamptz            -- end of the lease of whoever asks for a new one
);

-- ---------------------------------------------------------------- explain

create table step (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  stage text not null,            -- receive, dedupe, route, converge, deliver
  reason text not null,
  alert_fingerprint text,
  source_id int,
  incident_id bigint,
  destination_id int,
  notification_id bigint,
  group_version int,
  detail jsonb
);
create index step_alert on step (alert_fingerprint, id) where alert_fingerprint is not null;
create index step_incident on step (incident_id, id) where incident_id is not null;
create index step_at on step using brin (at); -- read by retention; rows come in the order of time

-- ---------------------------------------------------------------- watchdog

create table heartbeat_stream (
  id int generated always as identity primary key,
  heartbeat_id int references heartbeat on delete cascade, -- null: discovered
  source_id int references source on delete cascade,       -- null: a declared one that no source has sent yet
  fingerprint text not null,      -- of the full labels; empty until the first beat of a declared one
  labels jsonb not null,
  state text not null check (state in ('pending', 'ok', 'late', 'lost', 'recovering')),
  state_since timestamptz not null,
  first_beat_at timestamptz,
  last_beat_at timestamptz,
  beats int not null default 0,
  good_beats int not null default 0, -- since it was lost
  cadence_ms int,
  resolved_at timestamptz,        -- Prometheus itself said stop
  alarmed_at timestamptz          -- the alarm that is out now
) with (fillfactor = 70);
create unique index heartbeat_stream_key on heartbeat_stream (coalesce(source_id, 0), coalesce(heartbeat_id, 0), fingerprint);
-- Read by the lists of the API. Partial, so that a new alert costs nothing until it is decided.
create index alert_firing on alert (fingerprint) where state in ('firing', 'stale');
create index receipt_undeliverable on receipt (destination_id) where state = 'undeliverable';
