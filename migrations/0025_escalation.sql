-- Whom an alert group tells too when nobody has acknowledged an incident for so long, step by step; see alertGroupSchema.
alter table alert_group add column escalation jsonb not null default '[]';

-- Older versions of alert groups say the same: nobody.
update revision set body = body || '{"escalation": []}' where section = 'alert_groups';

-- How many of those steps this incident has reached; it never becomes less.
alter table incident add column escalated_steps smallint not null default 0;
-- Since when something fires in it that could be told, and that nobody has acknowledged; null: just now that is not so.
alter table incident add column unacknowledged_since timestamptz;
