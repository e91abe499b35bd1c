-- What admins edit keeps its past: a revision for every edit, and an audit row for everything that somebody did.

alter table source add column updated_by text;
alter table contact add column updated_by text;
alter table robot add column updated_by text;
alter table alert_group add column updated_by text;
alter table silence add column updated_by text;
alter table heartbeat add column updated_by text;

-- Managed, and edited by hand all the same until an apply takes it back. `managed` stays, and with it the match order.
alter table source add column unlocked boolean not null default false;
alter table contact add column unlocked boolean not null default false;
alter table robot add column unlocked boolean not null default false;
alter table alert_group add column unlocked boolean not null default false;
alter table silence add column unlocked boolean not null default false;
alter table heartbeat add column unlocked boolean not null default false;

create table revision (
  id bigint generated always as identity primary key,
  section text not null,
  object_id text not null,
  lineage text not null,          -- object_id of the first of its name: who makes again what was deleted goes on counting
  key text not null,              -- its name at that time; of a silence its id
  version int not null,
  action text not null check (action in ('create', 'update', 'delete', 'restore', 'apply', 'reorder', 'unlock')),
  author text not null,
  via text not null,
  at timestamptz not null,
  comment text,
  body jsonb not null,            -- what it said from then on, without secrets; of a delete: what it had said
  changes jsonb not null,         -- [{path, before, after}] against the version before; secrets are null on both sides
  unique (section, lineage, version)
);
create index revision_key on revision (section, key);
create index revision_object on revision (section, object_id, id desc);
create index revision_deleted on revision (at) where action = 'delete'; -- read by retention

create table audit (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  who text not null,
  via text not null,              -- session, token, settings, file
  address text,
  action text not null,
  kind text not null,             -- contacts, alert-groups, incidents, users, ...
  key text not null,
  version int,                    -- of the revision that the same edit made
  comment text,
  changes jsonb not null default '[]'
);
create index audit_key on audit (kind, key, id);
create index audit_who on audit (who, id);
create index audit_at on audit (at); -- read by retention and by the filters of time
