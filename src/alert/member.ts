/** A member of a source as admins write it: its name, or with the address at which it is asked what it holds. */
export type SourceMember = string | { name: string; api_url: string };

/** The name of a member. */
export function memberName(member: SourceMember): string {
  return typeof member === 'string' ? member : member.name;
}
