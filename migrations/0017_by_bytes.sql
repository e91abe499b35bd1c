-- Fingerprints and keys are hashes. Compared by the rules of a language, as the database's default collation does, each
-- comparison costs many times more, and every new alert takes about a hundred of them to find its place in the indexes. An
-- upgrade of the operating system's collations cannot break these indexes either.
-- In one go, so that no decision of a replica that still runs holds one of them and waits for another.
lock table incident, incident_alert, alert, reporter, receipt, step, heartbeat_stream, source_group in access exclusive mode;

alter table reporter
  alter column fingerprint type text collate "C",
  alter column alert_fingerprint type text collate "C";
alter table alert alter column fingerprint type text collate "C";
alter table incident_alert alter column alert_fingerprint type text collate "C";
alter table receipt alter column alert_fingerprint type text collate "C";
alter table step alter column alert_fingerprint type text collate "C";
alter table heartbeat_stream alter column fingerprint type text collate "C";
alter table incident alter column group_key type text collate "C";
alter table source_group alter column group_key type text collate "C";
