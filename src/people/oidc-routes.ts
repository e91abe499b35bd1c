/** The way to the OIDC provider and back: two redirects. */
import { z } from 'zod';
import { HttpProblem, problemOf } from '../http/problem.ts';
import { type AnyRoute, type Reply, route } from '../http/route.ts';
import { ownTag } from '../http/scope.ts';
import { networkOf, type Throttle } from '../http/throttle.ts';
import type { Cookie } from './cookie.ts';
import type { Journey, Oidc } from './oidc.ts';
import { type Refusal, userOfClaims } from './oidc-user.ts';
import type { PeopleParts } from './parts.ts';
import type { RecordRefused } from './refusals.ts';
import { enter } from './sign-in.ts';

const journeySchema = z.strictObject({ state: z.string(), nonce: z.string(), verifier: z.string() });

const common = { method: 'get', tag: ownTag, role: 'public' } as const;

export function oidcRoutes(parts: PeopleParts, recordRefused: RecordRefused, addresses: Throttle): AnyRoute[] {
  const { journeys, home } = parts.sessions.cookie;
  const errorAt = (refused: Refusal | 'failed') => `${home}?sign_in_error=${refused}`;

  /** What is no way in counts; trouble of ours does not. */
  async function counted(address: string | null, work: () => Promise<Entered>): Promise<Entered> {
    const [from, at] = [networkOf(address ?? ''), parts.now()];
    addresses.refuse(from, at);
    addresses.count(from, at);
    const done = await work().catch((error: unknown) => {
      addresses.takeBack(from);
      throw error;
    });
    if (done.refused === null) addresses.takeBack(from);
    return done;
  }

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
        429: { description: 'Too many failed attempts; Retry-After says how long to wait' },
      },
      handle: ({ query, cookie, caller: { address = null } }) =>
        endingJourney(journeys, async () => {
          const oidc = configured(parts);
          const journey = journeyOf(journeys.read({ cookie: cookie ?? undefined }));
          // Without one nothing is tried, and any web page can send browsers here: their address must not pay for it.
          if (journey === null) return { location: errorAt('failed'), setCookie: null };
          const { refused, setCookie } = await counted(address, () => arrive(parts, { oidc, query, journey, address }));
          // Nobody else hears why somebody is not let in.
          if (refused !== null && refused !== 'failed')
            await recordRefused({ name: 'unknown', address, comment: whys[refused] });
          return { location: refused === null ? home : errorAt(refused), setCookie };
        }),
    }),
  ];
}

/** Whatever comes of it, the browser does not keep what it began with. */
async function endingJourney(
  journeys: Cookie,
  work: () => Promise<{ location: string; setCookie: string | null }>,
): Promise<Reply> {
  const end = journeys.clear();
  try {
    const { location, setCookie } = await work();
    const cookies = setCookie === null ? [end] : [setCookie, end];
    return { status: 302, headers: { Location: location, 'Set-Cookie': cookies } };
  } catch (error) {
    const { status, message, headers } = problemOf(error);
    throw new HttpProblem(status, message, { headers: { ...headers, 'Set-Cookie': end }, cause: error });
  }
}

const whys: Readonly<Record<Refusal, string>> = {
  refused: 'The OIDC provider gives no role here: see oidc.role_claim, oidc.roles and oidc.default_role',
  'name-taken': 'The name that the OIDC provider gives is that of another user here',
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
  journey: Journey;
  address: string | null;
}

/** Whether somebody was let in, with the cookie of their session. */
type Entered = { refused: null; setCookie: string } | { refused: Refusal | 'failed'; setCookie: null };

const refusedFor = (refused: Refusal | 'failed'): Entered => ({ refused, setCookie: null });

async function arrive(parts: PeopleParts, { oidc, query, journey, address }: Arrival): Promise<Entered> {
  const claims = await oidc.finish(new URLSearchParams(query).toString(), journey).catch((error: unknown) => {
    if (error instanceof HttpProblem) throw error;
    oidc.onFailure(error instanceof Error ? error.message : 'unknown');
    return null;
  });
  if (claims === null) return refusedFor('failed');
  const user = await userOfClaims(parts, claims);
  if (typeof user === 'string') return refusedFor(user);
  const { opened } = await enter(
    parts,
    { name: user.name, owner: { userId: user.id, version: user.version } },
    address,
  );
  return { refused: null, setCookie: opened.setCookie };
}
