/** A real OIDC provider on loopback, at which everybody is who the test says. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';

export interface OidcServer {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** Who signs in next: their subject, and what the provider says of them. */
  person: { sub: string; [claim: string]: unknown };
  stop(): Promise<void>;
}

/** Starts one that knows a client with this redirect address. */
export async function startOidc(redirectUri: string): Promise<OidcServer> {
  let answer: Parameters<typeof createServer>[1] & {} = (_req, res) => void res.end();
  const server = createServer((req, res) => answer(req, res));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const oidc: OidcServer = {
    issuer,
    clientId: 'monitor-manager',
    clientSecret: 'secret-of-monitor-manager',
    person: { sub: 'nobody' },
    stop: () => close(server),
  };
  const provider = providerOf(oidc, redirectUri);
  const handle = provider.callback();
  answer = (req, res) => {
    // The page where people would type their password.
    if (req.url?.startsWith('/interaction/'))
      void provider.interactionFinished(req, res, { login: { accountId: oidc.person.sub, remember: false } });
    else void handle(req, res);
  };
  return oidc;
}

function providerOf(oidc: OidcServer, redirectUri: string): Provider {
  return new Provider(oidc.issuer, {
    clients: [{ client_id: oidc.clientId, client_secret: oidc.clientSecret, redirect_uris: [redirectUri] }],
    claims: { openid: ['sub'], profile: ['name', 'preferred_username', 'groups'], email: ['email'] },
    pkce: { required: () => true },
    cookies: { keys: ['of no weight'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_ctx, sub) => ({ accountId: sub, claims: async () => ({ ...oidc.person, sub }) }),
    // Nobody is asked whether they agree.
    async loadExistingGrant(ctx) {
      const { client, session } = ctx.oidc;
      if (client === undefined || session?.accountId === undefined) return undefined;
      const grant = new ctx.oidc.provider.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope('openid profile email');
      await grant.save();
      return grant;
    },
  });
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
