/** Members of a source as lines of text: a name, or a name and the address at which it is asked. Pure. */
import type { SourceMember } from '../../client/types.ts';

const withAddress = /^(.*\S)\s+(https?:\/\/\S+)$/i;

export function linesOfMembers(members: readonly SourceMember[]): string {
  return members.map((one) => (typeof one === 'string' ? one : `${one.name} ${one.api_url}`)).join('\n');
}

export function membersOfLines(text: string): SourceMember[] {
  const lines = text.split('\n').map((line) => line.trim());
  return lines.filter(Boolean).map((line) => {
    const [, name, api_url] = withAddress.exec(line) ?? [];
    return name === undefined || api_url === undefined ? line : { name, api_url };
  });
}
