-- Whom an alert group tells too when nobody has acknowledged an incident for so long, step by step; see alertGroupSchema.
alter table alert_group add column escalation jsonb not null default '[]';

-- Older versions of alert groups say the same: nobody.
update revision set body = body || '{"escalation": []}' where section = 'alert_groups';

-- How many of those steps this incident has reached since it opened.
alter table incident add column escalated_steps smallint not null default 0;
-- Since when something fires in it that could be told, and that nobody has acknowledged; null: just now that is not so.
alter table incident add column unacknowledged_since timestamptz;

-- Who is reminded before a silence ends, and told after it what still fires: names of contacts; null = the one named like created_by.
alter table silence add column notify text[];
alter table silence add column remind text not null default '15m'; -- so long before its end; 0s = not

update revision set body = body || '{"notify": null, "remind": "15m"}' where section = 'silences';

-- What people are told beside incidents. Its key says what it is about, so that nothing is made twice.
create table notice (
  id bigint generated always as identity primary key,
  kind text not null,             -- a word of Reason: silence_ends, silence_ended
  key text not null unique,       -- silence/<id>/<its end>/<kind>
  facts jsonb not null,           -- what was true then; see src/alert/notice.ts
  created_at timestamptz not null
);
create index notice_created on notice (created_at);

-- Such a notification belongs to no incident.
alter table notification add column notice_id bigint references notice on delete cascade;
create unique index notification_notice on notification (notice_id, destination_id) where notice_id is not null;

-- Whether whoever comes on call is sent a hand-over card, where an alert group names the schedule.
alter table schedule add column hand_over_card boolean not null default true;

update revision set body = body || '{"hand_over_card": true}' where section = 'schedules';
