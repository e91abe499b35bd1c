/** What is decided about sessions and about who stays in charge; nothing here reads a clock or a database. */

const minute = 60_000;
const hour = 60 * minute;

/** How long a session lasts when nobody uses it, and at most; and how many somebody has at once. */
export const sessionLife = { idleMs: 12 * hour, absoluteMs: 7 * 24 * hour, seenEveryMs: minute, most: 50 } as const;

/** When a session ends that is used now. */
export function idleEnd(now: Date): Date {
  return new Date(now.getTime() + sessionLife.idleMs);
}

/** When a session that begins now ends, however much it is used. */
export function absoluteEnd(now: Date): Date {
  return new Date(now.getTime() + sessionLife.absoluteMs);
}

/** Whether it is time to note that a session is used; not with every request, each would be a write. */
export function shouldNoteSeen(lastSeen: Date, now: Date): boolean {
  return now.getTime() - lastSeen.getTime() >= sessionLife.seenEveryMs;
}

/** The ways to be an admin that are left. */
export interface Admins {
  /** Users who are admins, not disabled, and have a way to sign in. */
  users: number;
  /** Tokens that may do everything, also that of the settings. */
  tokens: number;
}

/** Whether nobody would be left who can make users. It may be so from the beginning, which is nobody's fault. */
export function leavesNobody(before: Admins, after: Admins): boolean {
  return before.users + before.tokens > 0 && after.users + after.tokens === 0;
}

/** What a user is, for whether their sessions go on. */
export interface Standing {
  role: string;
  disabled: boolean;
  /** Who they are at the OIDC provider. */
  oidc_subject: string | null;
}

/** Whether a change of a user ends their sessions. */
export function endsSessions(before: Standing, after: Standing, newPassword: boolean): boolean {
  const unlinked = before.oidc_subject !== null && before.oidc_subject !== after.oidc_subject;
  return newPassword || unlinked || before.role !== after.role || (after.disabled && !before.disabled);
}
