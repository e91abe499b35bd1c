/** Fills a database with what months leave behind, by SQL, because a million alerts take too long otherwise. */
import pg from 'pg';

/** How much. */
export interface Size {
  alerts: number;
  incidents: number;
  notifications: number;
}

const start = '2026-01-05T08:00:00Z';

/** Alert `n` belongs to incident `n % incidents`; the last fifth of the incidents is open, and its alerts fire. */
const statements = ({ alerts, incidents, notifications }: Size): readonly string[] => [
  `insert into incident (group_id, group_key, group_labels, lane, opened_at, closed_at, due_at, last_flush_at, critical,
     acknowledged_at, acknowledged_by, alert_count, decided_version)
   select g.ids[1 + n % array_length(g.ids, 1)], 'bench-' || n, jsonb_build_object('alertname', 'Alert' || n % 200, 'cluster', 'c' || n), 'normal',
     timestamptz '${start}' + n * interval '1 minute',
     case when n <= ${incidents} * 0.8 then timestamptz '${start}' + n * interval '1 minute' + interval '1 hour' end,
     case when n > ${incidents} * 0.8 then timestamptz '2030-01-01' end,
     case when n % 5 > 0 then timestamptz '${start}' + n * interval '1 minute' end, n % 10 = 0,
     case when n % 7 = 0 then timestamptz '${start}' end, case when n % 7 = 0 then 'li.wei' end, 100, 1
   from generate_series(1, ${incidents}) n, (select array_agg(id order by id) as ids from alert_group where builtin is null) g`,
  `insert into alert (fingerprint, labels, lane, state, episode, since, ended_at, changed_at, first_seen, routed_version)
   select lpad(to_hex(n * 2654435761 % 4294967296), 8, '0') || lpad(to_hex(n), 8, '0'),
     jsonb_build_object('alertname', 'Alert' || n % 200, 'severity', case when n % 10 = 0 then 'critical' else 'warning' end,
       'instance', 'host-' || n || '.example.org:9100', 'cluster', 'c' || n % ${incidents}, 'team', 'team-' || n % 20,
       'job', 'node', 'namespace', 'ns-' || n % 50, 'pod', 'pod-' || n),
     'normal', case when n % ${incidents} >= ${incidents} * 0.8 then 'firing' when n % 100 = 1 then 'expired' else 'resolved' end, 1,
     timestamptz '${start}' + n * interval '1 second',
     case when n % ${incidents} < ${incidents} * 0.8 then timestamptz '${start}' + n * interval '1 second' + interval '1 hour' end,
     timestamptz '${start}' + n * interval '1 second' + interval '1 hour', timestamptz '${start}' + n * interval '1 second', 1000000
   from generate_series(1, ${alerts}) n`,
  `insert into incident_alert (incident_id, alert_fingerprint, joined_at)
   select i.id, a.fingerprint, a.first_seen from alert a join incident i on i.group_key = 'bench-' || 1 + (('x' || substr(a.fingerprint, 9))::bit(32)::int + ${incidents} - 1) % ${incidents}`,
  `insert into reporter (source_id, fingerprint, alert_fingerprint, annotations, generator_url, group_key, firing_at, last_seen)
   select (select min(id) from source where kind <> 'self'), fingerprint, fingerprint, jsonb_build_object('summary', 'Something is wrong', 'description', repeat('It really is. ', 20)),
     'http://prometheus.example.org/graph', 'k', since, since from alert`,
  `insert into destination (channel, address, name, locale, timezone, created_at)
   select c, c || n || '@example.org', 'person-' || n, 'en', 'UTC', '${start}'
   from generate_series(1, 200) n, unnest('{email,wecom-app}'::text[]) c on conflict do nothing`,
  `insert into notification (destination_id, incident_id, sequence, state, reason, created_at, finished_at, message_id, answer, content, told)
   select d.ids[1 + n % array_length(d.ids, 1)], i.ids[1 + n % array_length(i.ids, 1)], 1,
     case when n % 1000 = 0 then 'undeliverable' when n % 50 = 0 then 'cancelled' else 'accepted' end, 'opened',
     timestamptz '${start}' + n * interval '1 second', timestamptz '${start}' + n * interval '1 second', '<mm.' || n || '@example.org>', '250 2.0.0 queued as ' || n,
     jsonb_build_object('summary', '+1 new', 'text', repeat('It really is wrong. ', 100)), jsonb_build_array(jsonb_build_array('a', 1, 'firing'))
   from generate_series(1, ${notifications}) n, (select array_agg(id order by id) as ids from destination) d, (select array_agg(id order by id) as ids from incident) i`,
  `insert into receipt (destination_id, alert_fingerprint, episode, state, told_at)
   select d.id, a.fingerprint, 1, case when random() < 0.001 then 'undeliverable' else 'firing' end, a.since
   from (select id from destination order by id limit 3) d, (select fingerprint, since from alert limit ${Math.ceil(alerts / 10)}) a`,
  `insert into quarantine (source_id, received_at, reason, excerpt)
   select s.ids[1 + n % array_length(s.ids, 1)], timestamptz '${start}' + n * interval '1 second', 'no labels', repeat('x', 200)
   from generate_series(1, 50000) n, (select array_agg(id order by id) as ids from source where kind <> 'self') s`,
  `insert into silence (id, matchers, starts_at, ends_at, created_by, comment, updated_at)
   select 'silence-' || n, case when n % 200 = 0 then '[[{"name":"instance","op":"=~","value":"db-[0-9]+.*"}]]'::jsonb
       else '[[{"name":"team","op":"=","value":"none"}]]' end, '${start}', case when n % 10 = 0 then timestamptz '2030-01-01' else timestamptz '2026-01-06' end,
     'li.wei', 'work', '${start}' from generate_series(1, 2000) n`,
  `insert into app_user (name, role, created_at, updated_at)
   select 'user-' || n, (array['viewer', 'responder', 'editor', 'admin'])[1 + n % 4], '${start}', '${start}' from generate_series(1, 1000) n`,
  `insert into audit (at, who, via, action, kind, key, comment, changes)
   select timestamptz '${start}' + n * interval '1 minute', 'user-' || n % 200, 'session', (array['create', 'update', 'delete'])[1 + n % 3],
     (array['contacts', 'alert-groups', 'silences', 'incidents'])[1 + n % 4], 'object-' || n % 500, 'because',
     jsonb_build_array(jsonb_build_object('path', 'comment', 'before', 'a', 'after', repeat('b', 200)))
   from generate_series(1, ${Math.ceil(alerts / 5)}) n`,
];

/** Fills the tables of a migrated database, in which the alert groups and sources are. */
export async function seed(url: string, size: Size): Promise<void> {
  // A connection of its own: those of the service give up a statement after seconds.
  const client = new pg.Client({ connectionString: url, options: '-c TimeZone=UTC -c synchronous_commit=off' });
  await client.connect();
  try {
    for (const sql of [...statements(size), 'vacuum analyze']) await client.query(sql);
  } finally {
    await client.end();
  }
}
