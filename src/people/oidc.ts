/** Signing in with an OIDC provider: authorization code with PKCE, state and nonce, by `openid-client`. */
import * as client from 'openid-client';
import { HttpProblem } from '../http/problem.ts';
import type { Claims, RoleRule } from './oidc-claims.ts';

/** The settings of a provider. */
export interface OidcSettings {
  issuer: string | null;
  clientId: string | null;
  clientSecret: string | null;
  roleClaim: string;
  roles: RoleRule['roles'];
  label: string;
}

/** What a browser keeps while it is away at the provider. */
export interface Journey {
  state: string;
  nonce: string;
  verifier: string;
}

export interface Oidc {
  label: string;
  /** Where a browser begins. */
  startUrl: string;
  rule: RoleRule;
  /** Hears why somebody could not be signed in; in words only, since errors of the protocol carry codes and tokens. */
  onFailure(why: string): void;
  /** @throws HttpProblem 503 when the provider does not answer */
  begin(): Promise<{ url: string; journey: Journey }>;
  /** What the provider says of whoever came back. @throws Error for an answer that is not good */
  finish(query: string, journey: Journey): Promise<Claims>;
}

const timeoutSeconds = 10;

/** What {@link createOidc} needs. */
export interface OidcParts extends Pick<Oidc, 'onFailure'> {
  settings: OidcSettings;
  externalUrl: string;
}

/** Null without an issuer. The provider is asked about itself when somebody first signs in, and again after it did not answer. */
export function createOidc({ settings, externalUrl, onFailure }: OidcParts): Oidc | null {
  const { issuer, clientId, clientSecret, label } = settings;
  if (issuer === null || clientId === null || clientSecret === null) return null;
  const callback = `${externalUrl}/api/v1/oidc/callback`;
  let found: Promise<client.Configuration> | null = null;

  function provider(): Promise<client.Configuration> {
    const server = new URL(issuer as string);
    const execute = server.protocol === 'http:' ? [client.allowInsecureRequests] : [];
    const options = { execute, timeout: timeoutSeconds };
    found ??= client.discovery(server, clientId as string, clientSecret as string, undefined, options);
    return found.catch((cause: unknown) => {
      found = null;
      throw new HttpProblem(503, 'The OIDC provider does not answer; try again.', { cause });
    });
  }

  return {
    label,
    startUrl: `${externalUrl}/api/v1/oidc/start`,
    onFailure,
    rule: { claim: settings.roleClaim, roles: settings.roles },
    async begin() {
      const config = await provider();
      const verifier = client.randomPKCECodeVerifier();
      const journey = { state: client.randomState(), nonce: client.randomNonce(), verifier };
      const url = client.buildAuthorizationUrl(config, {
        redirect_uri: callback,
        scope: 'openid profile email',
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state: journey.state,
        nonce: journey.nonce,
      });
      return { url: url.href, journey };
    },
    async finish(query, { state, nonce, verifier }) {
      const config = await provider();
      const tokens = await client.authorizationCodeGrant(config, new URL(`${callback}?${query}`), {
        pkceCodeVerifier: verifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
      });
      const claims = tokens.claims() as client.IDToken;
      if (claims[settings.roleClaim] !== undefined || config.serverMetadata().userinfo_endpoint === undefined)
        return claims;
      // Many providers tell the groups, and the name, only when asked for them.
      return { ...claims, ...(await client.fetchUserInfo(config, tokens.access_token, claims.sub)) };
    },
  };
}
