/** Keeps secrets out of every text that can reach a log, a row or a page. */

/** The forms in which a secret can come back: as it is, URL-encoded, and in base64. */
function formsOf(secret: string): string[] {
  return [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')];
}

/** `text` as one line of at most 300 characters, without any of `secrets`. */
export function redact(text: string, secrets: readonly (string | null | undefined)[]): string {
  const forms = secrets.filter((secret) => typeof secret === 'string' && secret !== '').flatMap((s) => formsOf(s!));
  const clean = forms.reduce((rest, form) => rest.replaceAll(form, '***'), text.slice(0, 5000));
  return clean
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim()
    .slice(0, 300);
}
