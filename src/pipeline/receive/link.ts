const maxLinkLength = 8192;

/** All alerts of one rule have the same link, and all posts of one Alertmanager another; reading one takes a while. */
const read = new Map<string, string | null>();
const readKept = 1_000;

/**
 * A link that is safe to show: http or https, normalised, without user name and password.
 *
 * @param base what a text that begins with `/` is resolved against
 * @returns null when there is no such link
 */
export function httpLink(text: unknown, base: string | null): string | null {
  if (typeof text !== 'string' || text === '' || text.length > maxLinkLength) return null;
  if (text.startsWith('/')) return safe(parse(text, base));
  const known = read.get(text);
  if (known !== undefined) return known;
  if (read.size >= readKept) read.clear();
  const link = safe(parse(text, undefined));
  read.set(text, link);
  return link;
}

function safe(url: URL | null): string | null {
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return null;
  if (url.username !== '' || url.password !== '') {
    url.username = '';
    url.password = '';
  }
  return url.href;
}

function parse(text: string, base: string | null | undefined): URL | null {
  if (base === null) return null;
  try {
    return new URL(text, base);
  } catch {
    return null;
  }
}
