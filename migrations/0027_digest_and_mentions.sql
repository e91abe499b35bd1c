-- Times of day such as 09:00, in the contact's time zone, at which it is told what is not critical; none = at once.
alter table contact add column digest_at text[] not null default '{}';

-- Until when the last decision kept the incident back for the digest of this destination; null = it did not.
alter table thread add column held_until timestamptz;

-- Userids that messages to a room mention, or @all: for what is critical, and for everything that fires.
alter table robot add column mention jsonb not null default '{"critical": [], "firing": []}';
