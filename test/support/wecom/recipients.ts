/** Whom `touser`, `toparty` and `totag` reach. */
import { ApiError } from './errors.ts';
import type { JsonObject } from './json.ts';
import { textAt } from './json.ts';
import type { Member, State } from './state.ts';

/** Userids in lower case that a message reaches, and the lists of those that it does not. */
export interface Recipients {
  reached: string[];
  lists: { invaliduser: string; invalidparty: string; invalidtag: string; unlicenseduser: string };
}

/** @throws ApiError 82001 nobody named, 40032/82002/82003 too many, 81013 nobody valid. */
export function recipientsOf(state: State, body: JsonObject): Recipients {
  const users = split(body, 'touser').map((userid) => userid.toLowerCase());
  const parties = split(body, 'toparty');
  const tags = split(body, 'totag');
  checkCounts(users, parties, tags);
  if (users.length === 1 && users[0] === '@all') return everybody(state);
  const lists = {
    invaliduser: users.filter((userid) => find(state, userid) === undefined).join('|'),
    invalidparty: parties.filter((id) => !state.members.some((one) => one.parties.includes(Number(id)))).join('|'),
    invalidtag: tags.filter((id) => !state.members.some((one) => one.tags.includes(Number(id)))).join('|'),
  };
  const named = state.members.filter(
    (one) =>
      users.includes(one.userid.toLowerCase()) ||
      parties.some((id) => one.parties.includes(Number(id))) ||
      tags.some((id) => one.tags.includes(Number(id))),
  );
  if (named.length === 0) throw new ApiError(81013, undefined, lists);
  return { reached: licensed(named), lists: { ...lists, unlicenseduser: unlicensed(named) } };
}

function checkCounts(users: string[], parties: string[], tags: string[]): void {
  if (users.length + parties.length + tags.length === 0) throw new ApiError(82001);
  if (users.length > 1_000) throw new ApiError(40032);
  if (parties.length > 100) throw new ApiError(82002);
  if (tags.length > 100) throw new ApiError(82003);
}

function everybody(state: State): Recipients {
  const lists = { invaliduser: '', invalidparty: '', invalidtag: '', unlicenseduser: unlicensed(state.members) };
  return { reached: licensed(state.members), lists };
}

function split(body: JsonObject, key: string): string[] {
  return textAt(body, key)
    .split('|')
    .filter((part) => part !== '');
}

function find(state: State, userid: string): Member | undefined {
  return state.members.find((one) => one.userid.toLowerCase() === userid);
}

function licensed(members: readonly Member[]): string[] {
  return members.filter((one) => one.licensed).map((one) => one.userid.toLowerCase());
}

function unlicensed(members: readonly Member[]): string {
  return members
    .filter((one) => !one.licensed)
    .map((one) => one.userid.toLowerCase())
    .join('|');
}
