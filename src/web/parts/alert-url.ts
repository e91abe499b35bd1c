/** The whole address of the page of an alert, for a window of its own. */
export function alertUrl(fingerprint: string): string {
  return new URL(`alerts/${encodeURIComponent(fingerprint)}`, document.baseURI).href;
}
