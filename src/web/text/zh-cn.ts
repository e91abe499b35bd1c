/** 简体中文。 */
import type { Text } from './en.ts';
import { account } from './zh-cn/account.ts';
import { alert } from './zh-cn/alert.ts';
import { alertGroup } from './zh-cn/alert-group.ts';
import { alertGroups } from './zh-cn/alert-groups.ts';
import { audit } from './zh-cn/audit.ts';
import { backtest } from './zh-cn/backtest.ts';
import { consistency } from './zh-cn/consistency.ts';
import { daily } from './zh-cn/daily.ts';
import { deliveries } from './zh-cn/deliveries.ts';
import { edit } from './zh-cn/edit.ts';
import { explain } from './zh-cn/explain.ts';
import { firstRun } from './zh-cn/first-run.ts';
import { heartbeats } from './zh-cn/heartbeats.ts';
import { incident } from './zh-cn/incident.ts';
import { inhibition } from './zh-cn/inhibition.ts';
import { intervals } from './zh-cn/intervals.ts';
import { matchers } from './zh-cn/matchers.ts';
import { noise } from './zh-cn/noise.ts';
import { now } from './zh-cn/now.ts';
import { peers } from './zh-cn/peers.ts';
import { people } from './zh-cn/people.ts';
import { schedules } from './zh-cn/schedules.ts';
import { shared } from './zh-cn/shared.ts';
import { signIn } from './zh-cn/sign-in.ts';
import { silence } from './zh-cn/silence.ts';
import { silences } from './zh-cn/silences.ts';
import { sources } from './zh-cn/sources.ts';
import { testSend } from './zh-cn/test-send.ts';
import { users } from './zh-cn/users.ts';

export const zhCN: Text = {
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
