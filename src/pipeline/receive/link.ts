const maxLinkLength = 8192;

/**
 * A link that is safe to show: http or https, normalised, without user name and password.
 *
 * @param base what a text that begins with `/` is resolved against
 * @returns null when there is no such link
 */
export function httpLink(text: unknown, base: string | null): string | null {
  if (typeof text !== 'string' || text === '' || text.length > maxLinkLength) return null;
  const url = text.startsWith('/') ? parse(text, base) : parse(text, undefined);
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
