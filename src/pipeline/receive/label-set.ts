import type { Report } from '../../alert/alert.ts';
import { fingerprint } from '../../alert/fingerprint.ts';
import { emptyLabels, type Labels, labelsOf } from '../../alert/labels.ts';
import { Malformed } from './bad-payload.ts';
import { isRecord } from './json.ts';
import { cutToBytes, isStorable, storable } from './text.ts';

type Entry = readonly [name: string, value: string];

/** Who an alert is, and which reporter speaks of it. */
export type Identity = Pick<Report, 'fingerprint' | 'alertFingerprint' | 'labels' | 'replicaLabels'>;

/** What decides about labels besides the alert. */
export interface LabelRules {
  sourceLabels: readonly Entry[];
  /** Replica labels: they name the reporter, not the alert. */
  ignoreLabels: ReadonlySet<string>;
  maxBytes: number;
}

const cutMark = '… [cut by Monitor Manager]';
const cutMarkBytes = Buffer.byteLength(cutMark);

/** At most, in UTF-8, of a unit of UTF-16. */
const bytesPerUnit = 3;

const noNames: ReadonlySet<string> = new Set();

/**
 * Reads the labels of one alert. As in Prometheus, an empty value means that there is no such label, and names that begin
 * with `__` are internal and dropped. The source's own labels are added and win over the alert's: nobody may post as
 * another site.
 */
export function readLabels(value: unknown, { sourceLabels, ignoreLabels, maxBytes }: LabelRules): Identity | Malformed {
  const plain = sourceLabels.length === 0 ? readPlain(value, maxBytes, ignoreLabels) : null;
  if (plain !== null) return identityOf(plain);
  const all = readEntries(value, 'label');
  if (all instanceof Malformed) return all;
  const own = all.filter(([name, text]) => text !== '' && !name.startsWith('__'));
  if (own.length === 0) return new Malformed('no labels');
  if (isLarger(own, maxBytes)) return new Malformed(`labels of ${sizeOf(own)} bytes, limit ${maxBytes}`);
  const full = sourceLabels.length === 0 ? own : override(own, sourceLabels);
  return identify(full, ignoreLabels);
}

function override(own: readonly Entry[], winners: readonly Entry[]): Entry[] {
  return [...own.filter(([name]) => !winners.some(([winner]) => winner === name)), ...winners];
}

function identify(full: readonly Entry[], ignored: ReadonlySet<string>): Identity | Malformed {
  const kept = full.filter(([name]) => !ignored.has(name));
  if (kept.length === 0) return new Malformed('no labels but ignored ones');
  const identity = identityOf(labelsOf(kept));
  if (kept.length === full.length) return identity;
  const replicaLabels = labelsOf(full.filter(([name]) => ignored.has(name)));
  return { ...identity, fingerprint: fingerprint(labelsOf(full)), replicaLabels };
}

function identityOf(labels: Labels): Identity {
  const name = fingerprint(labels);
  return { fingerprint: name, alertFingerprint: name, labels, replicaLabels: null };
}

/**
 * What Alertmanager usually sends, read in one pass: names in order, each of them to be kept, every value as it is. Null:
 * there is more to do.
 */
function readPlain(value: unknown, maxBytes: number, ignored: ReadonlySet<string>): Labels | null {
  if (!isRecord(value)) return null;
  const labels = emptyLabels();
  let last = '';
  let units = 0;
  for (const name of Object.keys(value)) {
    const text = value[name];
    if (typeof text !== 'string' || text === '' || !isStorable(text)) return null;
    if (name <= last || name.startsWith('__') || !isStorable(name) || ignored.has(name)) return null;
    units += name.length + text.length;
    if (units * bytesPerUnit > maxBytes) return null;
    labels[name] = text;
    last = name;
  }
  return last === '' ? null : labels;
}

/** Reads the annotations of one alert; they may be missing. When they are too large, the largest are cut and marked. */
export function readAnnotations(value: unknown, maxBytes: number): Labels | Malformed {
  if (value === undefined || value === null) return labelsOf([]);
  const plain = readPlain(value, maxBytes, noNames);
  if (plain !== null) return plain;
  const entries = readEntries(value, 'annotation');
  if (entries instanceof Malformed) return entries;
  return labelsOf(isLarger(entries, maxBytes) ? cutEntries(entries, maxBytes) : entries);
}

/** Each name once; two names that became equal are one, the later wins. */
function readEntries(value: unknown, what: 'label' | 'annotation'): Entry[] | Malformed {
  if (!isRecord(value)) return new Malformed(`${what}s is not an object`);
  const entries: Entry[] = [];
  let renamed = false;
  for (const name of Object.keys(value)) {
    const text = value[name];
    if (name === '') return new Malformed(`empty ${what} name`);
    if (typeof text !== 'string') return new Malformed(`${what} ${shown(name)} is not a string`);
    const entry: Entry = [storable(name), storable(text)];
    renamed ||= entry[0] !== name;
    entries.push(entry);
  }
  return renamed ? [...new Map(entries)] : entries;
}

function shown(name: string): string {
  return JSON.stringify(cutToBytes(storable(name), 64));
}

/** Counts bytes only when the number of UTF-16 units does not settle it. */
function isLarger(entries: readonly Entry[], maxBytes: number): boolean {
  let units = 0;
  for (const [name, text] of entries) units += name.length + text.length;
  return units * bytesPerUnit > maxBytes && sizeOf(entries) > maxBytes;
}

function sizeOf(entries: readonly Entry[]): number {
  return entries.reduce((sum, entry) => sum + entrySize(entry), 0);
}

function entrySize([name, text]: Entry): number {
  return Buffer.byteLength(name) + Buffer.byteLength(text);
}

/** Smallest first, so that the summary survives beside a huge description. */
function cutEntries(entries: readonly Entry[], maxBytes: number): Entry[] {
  const kept: Entry[] = [];
  let left = maxBytes;
  for (const entry of [...entries].sort((a, b) => entrySize(a) - entrySize(b))) {
    const size = entrySize(entry);
    const [name, text] = entry;
    const room = left - Buffer.byteLength(name) - cutMarkBytes;
    if (size > left && room < 0) break;
    kept.push(size <= left ? entry : [name, cutToBytes(text, room) + cutMark]);
    left -= Math.min(size, left);
  }
  return kept;
}
