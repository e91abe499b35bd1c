-- Read by previews and lists, newest first. Partial, so that a new alert costs nothing until it is decided.
create index alert_changed on alert (changed_at desc, fingerprint desc) where episode > 0;

-- What a person can do about the last failure, in English; the API has it in every language.
alter table destination add column last_remedy text;

-- Of one source: what its list counts, and what the list of quarantined alerts shows.
create index quarantine_source_received on quarantine (source_id, received_at);
create index quarantine_source on quarantine (source_id, id);

-- The states that few alerts are in; those that many are in are found soon in any order.
create index alert_rare_state on alert (state, fingerprint) where state in ('stale', 'expired');

-- The newest of one destination, and of the states that few notifications end in.
create index notification_destination on notification (destination_id, id);
create index notification_rare_state on notification (state, id) where state in ('cancelled', 'undeliverable');
