-- Read by previews and lists, newest first. Partial, so that a new alert costs nothing until it is decided.
create index alert_changed on alert (changed_at desc, fingerprint desc) where episode > 0;

-- What a person can do about the last failure, in English; the API has it in every language.
alter table destination add column last_remedy text;

-- Of one source: what its list counts, and what the list of quarantined alerts shows.
create index quarantine_source_received on quarantine (source_id, received_at);
create index quarantine_source on quarantine (source_id, id);
