/** 简体中文。 */
import type { Text } from './en.ts';
import { account } from './zh-cn/account.ts';
import { alert } from './zh-cn/alert.ts';
import { audit } from './zh-cn/audit.ts';
import { deliveries } from './zh-cn/deliveries.ts';
import { edit } from './zh-cn/edit.ts';
import { heartbeats } from './zh-cn/heartbeats.ts';
import { incident } from './zh-cn/incident.ts';
import { now } from './zh-cn/now.ts';
import { shared } from './zh-cn/shared.ts';
import { signIn } from './zh-cn/sign-in.ts';
import { silence } from './zh-cn/silence.ts';
import { users } from './zh-cn/users.ts';

export const zhCN: Text = {
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
