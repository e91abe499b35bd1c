/** The whole configuration: every setting once, with its default, its sentence and its environment variable. */
import { z } from 'zod';
import {
  duration,
  durationWithin,
  exactUrl,
  mailbox,
  matcherText,
  NETWORKS,
  network,
  parseEmergencyContact,
  parseListen,
  parseRoles,
  rateLimit,
  regexText,
  section,
  setting,
  size,
  text,
  url,
} from './fields.ts';

/** Log levels, the quietest last. */
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

const words = () => z.string().trim().min(1, 'must not be empty');

const log = section({
  level: setting(z.enum(logLevels).prefault('info'), {
    doc: 'How much to log: trace, debug, info, warn, error, fatal or silent.',
    env: 'MM_LOG_LEVEL',
  }),
  format: setting(z.enum(['auto', 'json', 'text']).prefault('auto'), {
    doc: 'json: one JSON object a line. text: for people. auto: text on a terminal, else json.',
    env: 'MM_LOG_FORMAT',
  }),
});

const smtp = section({
  url: setting(url('smtp:', 'smtps:').nullable().prefault(null), {
    doc: 'Mail server, smtp://user:password@host:587 or smtps://… Without it mail goes to the built-in outbox.',
    env: 'SMTP_URL',
    secret: true,
  }),
  from: setting(mailbox().nullable().prefault(null), {
    doc: 'Sender of every mail: an address, or "Name <address>".',
    env: 'MM_MAIL_FROM',
    computed: 'Monitor Manager <monitor-manager@host of external_url>',
  }),
  ca_file: setting(words().nullable().prefault(null), {
    doc: "PEM file with the certificate authority of the mail server, where it is not one of the system's.",
    env: 'MM_SMTP_CA_FILE',
  }),
  require_tls: setting(z.enum(['auto', 'always', 'never']).prefault('auto'), {
    doc: 'Whether smtp:// must change to TLS before anything is sent. auto: yes, unless the server is on this machine.',
    env: 'MM_SMTP_REQUIRE_TLS',
  }),
  max_connections: setting(z.number().int().min(1).max(100).prefault(5), {
    doc: 'How many connections to the mail server may be open at once.',
  }),
  max_per_minute: setting(z.number().int().min(1).nullable().prefault(null), {
    doc: 'Mails in any minute to all addresses together, for a mail server that limits its clients. What is over it is merged into the next mails; part of it is kept for critical and watchdog messages. null: no limit.',
    env: 'MM_SMTP_MAX_PER_MINUTE',
  }),
});

const wecom = section({
  api_url: setting(url('https:', 'http:').prefault('https://qyapi.weixin.qq.com'), {
    doc: 'Address of the WeCom API; change it for a proxy or a private deployment.',
    env: 'MM_WECOM_API_URL',
  }),
  corp_id: setting(words().nullable().prefault(null), {
    doc: 'Company id (corpid) of WeCom application messages. Without it those messages go to the built-in outbox.',
    env: 'MM_WECOM_CORP_ID',
  }),
  agent_id: setting(z.number().int().positive().nullable().prefault(null), {
    doc: 'Number of the WeCom application (agentid).',
    env: 'MM_WECOM_AGENT_ID',
  }),
  secret: setting(words().nullable().prefault(null), {
    doc: 'Secret of the WeCom application (corpsecret).',
    env: 'MM_WECOM_SECRET',
    secret: true,
  }),
  format: setting(z.enum(['text', 'markdown']).prefault('text'), {
    doc: 'Form of application messages. The WeChat plug-in shows text only; WeCom shows markdown too.',
    env: 'MM_WECOM_FORMAT',
  }),
  max_per_day: setting(z.number().int().min(1).nullable().prefault(null), {
    doc: 'Application messages in any day to all members together. WeCom allows 200 for every account that the company may have; worth setting where other programs send as the same application. null: no limit.',
    env: 'MM_WECOM_MAX_PER_DAY',
  }),
});

const rateLimits = section({
  email: setting(rateLimit().prefault(null), {
    doc: 'Per mail address. burst: messages that may follow each other at once; per_minute: how fast they come back; per_hour: the most in any hour, or null; reserved: of burst, kept for critical and watchdog messages, and as large a part of the hour. null: no limit.',
  }),
  wecom_app: setting(rateLimit().prefault({ burst: 10, per_minute: 16, per_hour: 1000, reserved: 3 }), {
    doc: 'Per WeCom member. WeCom itself discards, without saying so, what is over 30 messages a minute or 1000 an hour.',
  }),
  wecom_robot: setting(rateLimit().prefault({ burst: 5, per_minute: 15, reserved: 2 }), {
    doc: 'Per room. WeCom itself refuses more than 20 messages a minute.',
  }),
});

const limits = section({
  max_body: setting(size().prefault('32MB'), {
    doc: 'Largest webhook body. Alertmanager never repeats what was refused as too large, so keep it generous.',
  }),
  max_in_flight_requests: setting(z.number().int().min(1).prefault(2000), {
    doc: 'Webhook requests that may wait for their commit at once; more are answered 503 and come again.',
  }),
  max_queued_alerts: setting(z.number().int().min(1).prefault(20_000), {
    doc: 'Alerts that may wait for their commit at once; more are answered 503 and come again.',
  }),
});

const watchdog = section({
  alertname_regex: setting(regexText().prefault("Watchdog|Dead[Mm]an'?s?Switch"), {
    doc: 'Alert names (RE2, anchored) that are beats of discovered heartbeats.',
  }),
});

const polls = section({
  interval: setting(durationWithin('10s', '1h').prefault('30s'), {
    doc: 'How often the members of a source that have an api_url, and its prometheus_url, are asked what they hold; between 10s and 1h.',
  }),
  timeout: setting(durationWithin('100ms', '10s').prefault('5s'), {
    doc: 'How long one request to them may take: 10s at most, and never more than a quarter of the interval.',
  }),
  misses: setting(z.number().int().min(1).max(100).prefault(3), {
    doc: 'Polls in a row after which something counts: an alert that was not posted, an end that was not, a member that does not answer.',
  }),
  grace: setting(durationWithin('0s', '1d').prefault('5m'), {
    doc: 'So long a post may be on its way before a poll makes up for it. Not shorter than the longest group_wait and group_interval of the Alertmanagers.',
  }),
});

const outgoingHeartbeat = section({
  url: setting(exactUrl('https:', 'http:').nullable().prefault(null), {
    doc: "Address of a dead man's switch outside (healthchecks.io, Dead Man's Snitch, Uptime Kuma push), asked for as long as everything is well here; it should tell somebody when it hears nothing for five minutes.",
    env: 'MM_OUTGOING_HEARTBEAT_URL',
    secret: true,
  }),
  method: setting(z.enum(['GET', 'POST']).prefault('GET'), {
    doc: 'How it is asked for: GET or POST.',
    env: 'MM_OUTGOING_HEARTBEAT_METHOD',
  }),
  interval: setting(durationWithin('10s', '1d').prefault('60s'), {
    doc: 'How often, between 10s and 1d.',
    env: 'MM_OUTGOING_HEARTBEAT_INTERVAL',
  }),
});

const peers = section({
  interval: setting(durationWithin('100ms', '1m').prefault('5s'), {
    doc: 'How often each other site (peer) is probed, between 100ms and 1m.',
    env: 'MM_PEERS_INTERVAL',
  }),
  timeout: setting(durationWithin('50ms', '30s').prefault('2s'), {
    doc: 'How long a probe of a peer waits for its answer. Its status may take a second before it says that it is late: below 1.5s a slow database over there looks like silence.',
    env: 'MM_PEERS_TIMEOUT',
  }),
  down_after: setting(durationWithin('300ms', '1h').prefault('15s'), {
    doc: 'A peer that has not answered for so long is looked into, and told of; at least three times the interval and twice the timeout. Time in which this service was away never counts.',
    env: 'MM_PEERS_DOWN_AFTER',
  }),
  up_after: setting(z.number().int().min(1).max(100).prefault(5), {
    doc: 'Good probes in a row after which a peer that was down is back.',
    env: 'MM_PEERS_UP_AFTER',
  }),
  leaving_grace: setting(durationWithin('1s', '1d').prefault('10m'), {
    doc: 'How long an announced restart (SIGTERM) of a site may take before its peers tell of it.',
    env: 'MM_PEERS_LEAVING_GRACE',
  }),
});

const oidc = section({
  issuer: setting(url('https:', 'http:').nullable().prefault(null), {
    doc: 'OIDC provider with which people sign in; its redirect address is <external_url>/api/v1/oidc/callback.',
    env: 'MM_OIDC_ISSUER',
  }),
  client_id: setting(words().nullable().prefault(null), {
    doc: 'Name of this service at the OIDC provider.',
    env: 'MM_OIDC_CLIENT_ID',
  }),
  client_secret: setting(words().nullable().prefault(null), {
    doc: 'Secret of this service at the OIDC provider.',
    env: 'MM_OIDC_CLIENT_SECRET',
    secret: true,
  }),
  role_claim: setting(words().prefault('groups'), {
    doc: 'Claim, a text or a list, whose values decide the role by way of roles.',
    env: 'MM_OIDC_ROLE_CLAIM',
  }),
  roles: setting(text(parseRoles, 'like sre=editor, on-call=responder').nullable().prefault(null), {
    doc: 'Roles by values of role_claim: sre=editor, on-call=responder. Then people of whom an admin knows nothing may sign in too, and nobody without such a value. Without it: only users with an oidc_subject.',
    env: 'MM_OIDC_ROLES',
  }),
  label: setting(words().prefault('SSO'), {
    doc: 'What the page calls this way to sign in.',
    env: 'MM_OIDC_LABEL',
  }),
});

/** The schema of the settings file. */
export const settingsSchema = z.strictObject({
  listen: setting(text(parseListen, 'an address like 0.0.0.0:8080').prefault('0.0.0.0:8080'), {
    doc: 'Address and port of the webhook, the API, the page and the metrics.',
    env: 'MM_LISTEN',
  }),
  data_dir: setting(words().prefault('./data'), {
    doc: 'Folder of the embedded database and of the first admin token. One process at a time.',
    env: 'MM_DATA_DIR',
  }),
  external_url: setting(url('http:', 'https:').nullable().prefault(null), {
    doc: 'Address under which people reach the page; links in messages begin with it.',
    env: 'MM_EXTERNAL_URL',
    computed: 'http://localhost:<port of listen>',
  }),
  trusted_proxies: setting(z.array(text(network, NETWORKS)).prefault([]), {
    doc: `Reverse proxies whose X-Forwarded-For says who calls, for the audit log and the limit on failed attempts: ${NETWORKS}.`,
    env: 'MM_TRUSTED_PROXIES',
  }),
  site: setting(words().nullable().prefault(null), {
    doc: 'Name of this deployment, as readers of messages and other sites see it. The same on all replicas.',
    env: 'MM_SITE',
    computed: 'name of the host',
  }),
  database_url: setting(url('postgres:', 'postgresql:').nullable().prefault(null), {
    doc: 'PostgreSQL 14 or newer, postgres://user:password@host:5432/name. Without it: the embedded database in data_dir.',
    env: 'DATABASE_URL',
    secret: true,
  }),
  redis_url: setting(url('redis:', 'rediss:').nullable().prefault(null), {
    doc: 'Redis for the queue, redis://:password@host:6379/0. Without it the queue lives in the database.',
    env: 'REDIS_URL',
    secret: true,
  }),
  admin_token: setting(words().min(16, 'must have at least 16 characters').nullable().prefault(null), {
    doc: 'Token that may do everything. Without it one is made at the first start and kept in data_dir.',
    env: 'MM_ADMIN_TOKEN',
    secret: true,
    computed: 'made at the first start',
  }),
  provision: setting(words().nullable().prefault(null), {
    doc: 'File or folder of contacts, alert groups and so on, in the form that apply reads; applied at start and on SIGHUP.',
    env: 'MM_PROVISION',
  }),
  emergency_contacts: setting(
    z.array(text(parseEmergencyContact, 'mailto:ADDRESS, wecom:USERID or robot:KEY')).prefault([]),
    {
      doc: 'Who is told of a lost heartbeat that no alert group takes, of our own trouble, and directly while the database is away; name two channels: mailto:ADDRESS, wecom:USERID or robot:KEY.',
      env: 'MM_EMERGENCY_CONTACTS',
      secret: true,
    },
  ),
  ignore_labels: setting(z.array(words()).prefault(['prometheus_replica', 'replica']), {
    doc: 'Labels that only say which replica spoke: alerts that differ in nothing else are one alert.',
    env: 'MM_IGNORE_LABELS',
  }),
  critical: setting(z.array(matcherText()).prefault(['severity="critical"']), {
    doc: 'Matchers of critical alerts, all of which must match. Critical alerts use the reserved rate and lift an acknowledgement.',
  }),
  retention: setting(duration().prefault('30d'), {
    doc: 'How long closed incidents, ended alerts, notifications and the steps of explain are kept.',
    env: 'MM_RETENTION',
  }),
  backtest_retention: setting(duration().prefault('14d'), {
    doc: 'How long the changes of alerts are kept that a backtest replays: some 150 MB for each million. Not longer than retention.',
    env: 'MM_BACKTEST_RETENTION',
  }),
  audit_retention: setting(duration().prefault('365d'), {
    doc: 'How long the audit log is kept, and the versions of what was deleted. Versions of what is there are kept.',
    env: 'MM_AUDIT_RETENTION',
  }),
  drain_timeout: setting(duration().prefault('10s'), {
    doc: 'How long a stop (SIGTERM) waits for requests and messages that are under way.',
    env: 'MM_DRAIN_TIMEOUT',
  }),
  log,
  smtp,
  wecom,
  rate_limits: rateLimits,
  limits,
  watchdog,
  outgoing_heartbeat: outgoingHeartbeat,
  peers,
  polls,
  oidc,
});

/** The settings as the schema gives them. */
export type ParsedSettings = z.output<typeof settingsSchema>;
