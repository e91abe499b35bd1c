/** Whom to ask: what admins have written into sources. */
import type { Source } from '../alert/config.ts';
import { memberName, type SourceMember } from '../alert/member.ts';
import type { Db, Queryable } from '../store/db.ts';
import type { Target } from './member.ts';

/** A source with somebody to ask. */
export interface Asked {
  source: Source;
  targets: readonly Target[];
  /** Of the `Authorization` header: a secret; null: none. */
  authorization: string | null;
  /** Names of the members without an address. */
  unasked: readonly string[];
}

interface Row extends Record<string, unknown> {
  id: number;
  members: SourceMember[];
  prometheus_url: string | null;
  api_user: string | null;
  api_token: string | null;
}

/** The sources that name somebody to ask, those only that this process knows already. */
export async function loadAsked(db: Queryable, sources: ReadonlyMap<number, Source>): Promise<Asked[]> {
  const { rows } = await db.query<Row>(
    `select id, members, prometheus_url, api_user, api_token from source
     where kind <> 'self' and (prometheus_url is not null or members @? '$[*].api_url') order by id`,
  );
  return rows.flatMap((row) => {
    const source = sources.get(row.id);
    return source === undefined ? [] : [askedOf(row, source)];
  });
}

/**
 * Forgets what was last answered by members that are no longer named with an address: nobody asks them again, so a fault would
 * stay for ever. The rounds of a source do this only for members beside others that are asked.
 */
export async function forgetUnasked(db: Queryable): Promise<void> {
  await db.query(
    `delete from poll_member m using source s where s.id = m.source_id and case m.kind
       when 'prometheus' then s.prometheus_url is null
       else not s.members @> jsonb_build_array(jsonb_build_object('name', m.member)) end`,
  );
}

function askedOf(row: Row, source: Source): Asked {
  const members = row.members.flatMap((member): Target[] =>
    typeof member === 'string' ? [] : [{ source, kind: 'alertmanager', member: member.name, url: member.api_url }],
  );
  const prometheus: Target[] =
    row.prometheus_url === null ? [] : [{ source, kind: 'prometheus', member: '', url: row.prometheus_url }];
  return {
    source,
    targets: [...members, ...prometheus],
    authorization: authorizationOf(row),
    unasked: row.members.filter((member) => typeof member === 'string').map(memberName),
  };
}

function authorizationOf({ api_user: user, api_token: token }: Row): string | null {
  if (token === null) return null;
  return user === null ? `Bearer ${token}` : `Basic ${Buffer.from(`${user}:${token}`).toString('base64')}`;
}

/** Ticks come a little early or late. */
const slackMs = 2_500;

/**
 * Takes the sources whose poll is due, so that of all replicas one asks each of them. A claim that lies in the future is of a
 * clock that was set back.
 */
export async function claimDue(
  db: Db,
  asked: readonly Asked[],
  { now, intervalMs }: { now: Date; intervalMs: number },
): Promise<Asked[]> {
  if (asked.length === 0) return [];
  const { rows } = await db.query<{ id: number }>(
    `insert into poll_round as p (source_id, claimed_at)
     select id, $2 from unnest($1::int[]) as t (id) where exists (select from source s where s.id = t.id)
     on conflict (source_id) do update set claimed_at = excluded.claimed_at
       where p.claimed_at <= $3 or p.claimed_at > $4 returning source_id as id`,
    [
      asked.map(({ source }) => source.id),
      now,
      new Date(now.getTime() - intervalMs + slackMs),
      new Date(now.getTime() + intervalMs),
    ],
  );
  const ids = new Set(rows.map(({ id }) => id));
  return asked.filter(({ source }) => ids.has(source.id));
}
