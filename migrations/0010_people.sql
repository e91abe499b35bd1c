-- Who may come in: people with a role, their sessions, and what API tokens may do.

create table app_user (
  id int generated always as identity primary key,
  name text not null unique,
  display_name text,
  email text,
  role text not null check (role in ('viewer', 'responder', 'editor', 'admin')),
  password_hash text,             -- argon2id, in the PHC form; null: no sign-in by password
  oidc_subject text unique,       -- `sub` of the provider; null: no sign-in by OIDC
  disabled boolean not null default false,
  version int not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  updated_by text
);

alter table api_token add column scopes text[];           -- tags of the API, or `read`; null: all that the role may
alter table api_token add column created_by text;
alter table api_token add column last_used_at timestamptz; -- to about ten minutes

-- The id of a session is known to its browser only. A session is of a user, of an API token, or of the token of the settings.
create table session (
  hash text primary key,
  user_id int references app_user on delete cascade,
  token_id int references api_token on delete cascade,
  settings_seal text,             -- over the id and the settings' token: a session ends when that token changes
  created_at timestamptz not null,
  last_seen_at timestamptz not null, -- to about a minute
  idle_expires_at timestamptz not null,
  expires_at timestamptz not null,
  check (num_nonnulls(user_id, token_id, settings_seal) = 1)
);
create index session_by_user on session (user_id);
create index session_by_token on session (token_id);
create index session_by_end on session (least(idle_expires_at, expires_at)); -- read by retention
