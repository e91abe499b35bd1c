/** Every word of the page in English; `zh-cn.ts` has the same keys, or does not compile. One file for each page. */
import { account } from './en/account.ts';
import { alert } from './en/alert.ts';
import { audit } from './en/audit.ts';
import { deliveries } from './en/deliveries.ts';
import { edit } from './en/edit.ts';
import { heartbeats } from './en/heartbeats.ts';
import { incident } from './en/incident.ts';
import { now } from './en/now.ts';
import { shared } from './en/shared.ts';
import { signIn } from './en/sign-in.ts';
import { silence } from './en/silence.ts';
import { users } from './en/users.ts';

export const en = {
  ...shared,
  signIn,
  now,
  silence,
  edit,
  incident,
  alert,
  heartbeats,
  deliveries,
  audit,
  users,
  account,
};

/** What every language has. */
export type Text = typeof en;
