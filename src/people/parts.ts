/** What the routes of people need. */
import type { Caller } from '../http/route.ts';
import type { Db } from '../store/db.ts';
import type { Oidc } from './oidc.ts';
import type { Sessions } from './sessions.ts';

export interface PeopleParts {
  db: Db;
  now: () => Date;
  /** The token of the settings, null when there is none. */
  adminToken: string | null;
  sessions: Sessions;
  /** Null: there is no OIDC provider. */
  oidc: Oidc | null;
  /** The tags of all routes: what a token can have as scopes. */
  tags: () => ReadonlySet<string>;
}

/** Who edits, and why. */
export interface Edit {
  by: Caller;
  comment?: string | undefined;
}
