/** Labels and annotations come from anywhere: these functions make them harmless to show, in any channel. */

/** Tabs, line ends, Unicode's own line and paragraph separators, and all other control characters. */
const controls = /[\p{Cc}\u2028\u2029]+/gu;
/** What reorders or hides text: bidi marks, zero-width characters, soft hyphen, tag characters, lone surrogates. */
const invisible =
  /\p{Cs}|[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

/** One line of visible text, at most `max` UTF-16 units long, cut with an ellipsis and never inside a character. */
export function plain(value: string, max = 120): string {
  const line = value
    .slice(0, max * 4)
    .replace(controls, ' ')
    .replace(invisible, '')
    .trim();
  if (line.length <= max) return line;
  return `${line.slice(0, max - 1).replace(/[\ud800-\udbff]$/u, '')}…`;
}

/** The address when it is http or https, without user and password and not absurdly long; null otherwise. */
export function httpUrl(value: string | null | undefined): string | null {
  if (!value || value.length > 2000 || !URL.canParse(value)) return null;
  const url = new URL(value);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return null;
  url.username = '';
  url.password = '';
  return url.href.replaceAll("'", '%27').replaceAll('`', '%60');
}

/** The page of what is open in an alert group. */
export function groupUrl(externalUrl: string, group: string): string {
  return httpUrl(`${externalUrl}/?${new URLSearchParams({ group })}`) ?? externalUrl;
}
