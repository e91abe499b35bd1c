/** Deepest nesting of a webhook that is read; Alertmanager's and Grafana's need 4. */
const maxDepth = 64;

/** Up to this size no nesting can do harm: JSON.parse needs at most 30 ms for it. 32 MB of "[" need 8 seconds. */
const harmlessBytes = 262_144;

const quote = 0x22;
const backslash = 0x5c;
// "[" and "{" differ in one bit only, as do "]" and "}".
const open = 0x7b;
const close = 0x7d;
const bracketToBrace = 0x20;

/** Whether a large JSON text is nested more deeply than any webhook; stops at the first place that is. */
export function tooDeep(json: Uint8Array): boolean {
  if (json.length <= harmlessBytes) return false;
  let depth = 0;
  let inText = false;
  for (let i = 0; i < json.length; i++) {
    const byte = json[i] ?? 0;
    if (inText) {
      if (byte === backslash) i++;
      else if (byte === quote) inText = false;
    } else if (byte === quote) {
      inText = true;
    } else if ((byte | bracketToBrace) === open) {
      depth++;
      if (depth > maxDepth) return true;
    } else if ((byte | bracketToBrace) === close) {
      depth--;
    }
  }
  return false;
}
