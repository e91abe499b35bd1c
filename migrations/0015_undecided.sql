-- How often in a row deciding an incident failed: it is tried again later and later.
alter table incident add column failures int not null default 0;
