/** Asks one member of a source, or the Prometheus behind it. */
import { z } from 'zod';
import type { Source } from '../alert/config.ts';
import type { HeldAlert } from '../alert/held.ts';
import { createTurns } from '../turns.ts';
import { type Asking, get, Unanswered } from './get.ts';

/** Who is asked. */
export interface Target {
  source: Source;
  kind: 'alertmanager' | 'prometheus';
  /** Empty: a Prometheus. */
  member: string;
  /** Without a slash at its end. */
  url: string;
}

/** What an Alertmanager says of itself and holds. */
export interface Said {
  version: string;
  /** When it started, in its own words: another text is another start. */
  startedAt: string;
  /** `ready`, `settling` or `disabled`. */
  cluster: string;
  /** Members of the cluster that it sees, itself among them; 0 without a cluster. */
  peers: number;
  /** By how much its clock is ahead of ours; null: unknown. */
  skewMs: number | null;
  held: readonly HeldAlert[];
}

/** What became of one poll. */
export interface Polled {
  target: Target;
  at: Date;
  /** Null: it did not answer, or is not ready. */
  said: Said | null;
  /** Why not; null: it answered. */
  error: string | null;
}

/** What polling needs from the rest of the service. */
export interface MemberParts {
  now: () => Date;
  /** Reads one of the alerts of an answer; null: it cannot be understood. */
  readHeld: (alert: unknown, context: { source: Source; at: Date; theirs: Date | null }) => HeldAlert | null;
}

/** Of `GET /api/v2/status` (https://github.com/prometheus/alertmanager/blob/v0.25.0/api/v2/openapi.yaml, alertmanagerStatus). */
const statusSchema = z.looseObject({
  cluster: z.looseObject({ status: z.string().max(50), peers: z.array(z.unknown()).max(1_000).nullish() }),
  uptime: z.string().max(100),
  versionInfo: z.looseObject({ version: z.string().max(100).default('') }),
});

/** Never rejects: what goes wrong is what became of it. */
export async function poll(target: Target, asking: Asking, parts: MemberParts): Promise<Polled> {
  try {
    await get(`${target.url}/-/ready`, asking);
    const said = target.kind === 'prometheus' ? prometheus : await askAlertmanager(target, asking, parts);
    return { target, at: parts.now(), said, error: null };
  } catch (error) {
    const why = error instanceof Unanswered ? error.message : 'an answer that cannot be understood';
    return { target, at: parts.now(), said: null, error: why };
  }
}

/** A Prometheus is asked only whether it is there. */
const prometheus: Said = { version: '', startedAt: '', cluster: '', peers: 0, skewMs: null, held: [] };

async function askAlertmanager({ source, url }: Target, asking: Asking, parts: MemberParts): Promise<Said> {
  const { body, date } = await get(`${url}/api/v2/status`, asking);
  const skewMs = date === null ? null : date.getTime() - parts.now().getTime();
  const { cluster, uptime, versionInfo } = statusSchema.parse(JSON.parse(body.toString('utf8')));
  const answer = await get(`${url}/api/v2/alerts`, asking);
  const alerts = z.array(z.unknown()).parse(JSON.parse(answer.body.toString('utf8')));
  const context = { source, at: parts.now(), theirs: answer.date };
  const held: HeldAlert[] = [];
  const turn = createTurns();
  for (const alert of alerts) {
    const one = parts.readHeld(alert, context);
    if (one !== null) held.push(one);
    await turn();
  }
  const peers = cluster.peers?.length ?? 0;
  return { version: versionInfo.version, startedAt: uptime, cluster: cluster.status, peers, skewMs, held };
}
