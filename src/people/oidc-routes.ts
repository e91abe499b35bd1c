/** The way to the OIDC provider and back: two redirects. */
import { z } from 'zod';
import { HttpProblem } from '../http/problem.ts';
import { type AnyRoute, type Caller, type Reply, route } from '../http/route.ts';
import { ownTag } from '../http/scope.ts';
import { recordAudit } from '../store/audit.ts';
import type { Journey, Oidc } from './oidc.ts';
import { type Refusal, userOfClaims } from './oidc-user.ts';
import type { PeopleParts } from './parts.ts';
import { enter } from './sign-in.ts';

const journeySchema = z.strictObject({ state: z.string(), nonce: z.string(), verifier: z.string() });

const common = { method: 'get', tag: ownTag, role: 'public' } as const;

export function oidcRoutes(parts: PeopleParts): AnyRoute[] {
  const { journeys, home } = parts.sessions.cookie;
  return [
    route({
      ...common,
      path: '/api/v1/oidc/start',
      summary: 'Sends the browser to the OIDC provider',
      responses: { 302: { description: 'To the provider' }, 404: { description: 'There is no provider' } },
      handle: async () => {
        const { url, journey } = await configured(parts).begin();
        const kept = Buffer.from(JSON.stringify(journey)).toString('base64url');
        return { status: 302, headers: { Location: url, 'Set-Cookie': journeys.set(kept) } };
      },
    }),
    route({
      ...common,
      path: '/api/v1/oidc/callback',
      summary: 'Where the provider sends the browser back to',
      query: z.record(z.string(), z.string()),
      responses: {
        302: { description: 'To the page; `?sign_in_error=` failed, refused or name-taken when nobody is signed in' },
        404: { description: 'There is no provider' },
      },
      handle: async ({ query, cookie, caller }) => {
        const oidc = configured(parts);
        const journey = journeyOf(journeys.read({ cookie: cookie ?? undefined }));
        const done = await arrive(parts, { oidc, query, journey, address: caller.address ?? null });
        if (typeof done === 'string') await auditRefusal(parts, done, caller);
        if (typeof done === 'string') return { status: 302, headers: { Location: `${home}?sign_in_error=${done}` } };
        return { status: 302, headers: { Location: home, ...done.headers } };
      },
    }),
  ];
}

/** Nobody else hears why somebody is not let in. */
async function auditRefusal({ db, now }: PeopleParts, why: Refusal | 'failed', caller: Caller): Promise<void> {
  const by = { name: 'unknown', via: 'session', address: caller.address ?? null };
  const comment = whys[why];
  if (why !== 'failed')
    await recordAudit(db, { at: now(), by, comment, action: 'sign-in-failed', kind: 'users', key: 'unknown' });
}

const whys: Readonly<Record<Refusal | 'failed', string>> = {
  refused: 'The OIDC provider gives no role here: see oidc.role_claim, oidc.roles and oidc.default_role',
  'name-taken': 'The name that the OIDC provider gives is that of another user here',
  failed: 'It did not work out',
};

function configured({ oidc }: PeopleParts): Oidc {
  if (oidc === null) throw new HttpProblem(404, 'No OIDC provider is configured.');
  return oidc;
}

function journeyOf(kept: string | null): Journey | null {
  try {
    return journeySchema.parse(JSON.parse(Buffer.from(kept ?? '', 'base64url').toString()));
  } catch {
    return null;
  }
}

interface Arrival {
  oidc: Oidc;
  query: Record<string, string>;
  journey: Journey | null;
  address: string | null;
}

async function arrive(
  parts: PeopleParts,
  { oidc, query, journey, address }: Arrival,
): Promise<Pick<Reply, 'headers'> | Refusal | 'failed'> {
  if (journey === null) return 'failed';
  const claims = await oidc.finish(new URLSearchParams(query).toString(), journey).catch((error: unknown) => {
    if (error instanceof HttpProblem) throw error;
    oidc.onFailure(error instanceof Error ? error.message : 'unknown');
    return null;
  });
  if (claims === null) return 'failed';
  const user = await userOfClaims(parts, claims);
  if (typeof user === 'string') return user;
  const { opened } = await enter(
    parts,
    { name: user.name, owner: { userId: user.id, version: user.version } },
    address,
  );
  return { headers: { 'Set-Cookie': opened.setCookie } };
}
