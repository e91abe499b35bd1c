-- Several token buckets for one destination, and buckets that all destinations of a channel share.

-- The bucket of an hour; the one of a minute is in tokens. Both as of tokens_at; null = full.
alter table destination add column hour_tokens double precision;

-- One row for every limit that destinations share; the first claim that meets it makes it.
create table rate_bucket (
  name text primary key,
  tokens double precision,        -- null = full
  at timestamptz
) with (fillfactor = 50);

-- Since when a notification that has not been claimed yet waits for a limit, and for which.
alter table notification add column limited_at timestamptz;
alter table notification add column limited_by text;
create index notification_limited on notification (destination_id, limited_at) where state = 'pending' and limited_at is not null;
