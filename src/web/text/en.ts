/** Every word of the page in English; `zh-cn.ts` has the same keys, or does not compile. One file for each page. */
import { account } from './en/account.ts';
import { alert } from './en/alert.ts';
import { alertGroup } from './en/alert-group.ts';
import { alertGroups } from './en/alert-groups.ts';
import { audit } from './en/audit.ts';
import { backtest } from './en/backtest.ts';
import { consistency } from './en/consistency.ts';
import { daily } from './en/daily.ts';
import { deliveries } from './en/deliveries.ts';
import { edit } from './en/edit.ts';
import { explain } from './en/explain.ts';
import { firstRun } from './en/first-run.ts';
import { heartbeats } from './en/heartbeats.ts';
import { incident } from './en/incident.ts';
import { inhibition } from './en/inhibition.ts';
import { intervals } from './en/intervals.ts';
import { matchers } from './en/matchers.ts';
import { noise } from './en/noise.ts';
import { now } from './en/now.ts';
import { peers } from './en/peers.ts';
import { people } from './en/people.ts';
import { schedules } from './en/schedules.ts';
import { shared } from './en/shared.ts';
import { signIn } from './en/sign-in.ts';
import { silence } from './en/silence.ts';
import { silences } from './en/silences.ts';
import { sources } from './en/sources.ts';
import { testSend } from './en/test-send.ts';
import { users } from './en/users.ts';

export const en = {
  ...shared,
  signIn,
  now,
  silence,
  silences,
  intervals,
  inhibition,
  schedules,
  firstRun,
  edit,
  incident,
  alert,
  heartbeats,
  daily,
  peers,
  deliveries,
  explain,
  noise,
  consistency,
  testSend,
  people,
  sources,
  matchers,
  alertGroups,
  alertGroup,
  backtest,
  audit,
  users,
  account,
};

/** What every language has. */
export type Text = typeof en;
