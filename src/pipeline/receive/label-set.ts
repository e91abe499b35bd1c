import type { Report } from '../../alert/alert.ts';
import { fingerprintOf } from '../../alert/fingerprint.ts';
import { type Labels, labelsOf } from '../../alert/labels.ts';
import { Malformed } from './bad-payload.ts';
import { isRecord } from './payload.ts';
import { cutToBytes, storable } from './text.ts';

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

/**
 * Reads the labels of one alert. As in Prometheus, an empty value means that there is no such label, and names that begin
 * with `__` are internal and dropped. The source's own labels are added and win over the alert's: nobody may post as
 * another site.
 */
export function readLabels(value: unknown, { sourceLabels, ignoreLabels, maxBytes }: LabelRules): Identity | Malformed {
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
  const fingerprint = fingerprintOf(full);
  if (!full.some(([name]) => ignored.has(name))) {
    return { fingerprint, alertFingerprint: fingerprint, labels: labelsOf(full), replicaLabels: null };
  }
  const kept = full.filter(([name]) => !ignored.has(name));
  if (kept.length === 0) return new Malformed('no labels but ignored ones');
  const replicaLabels = labelsOf(full.filter(([name]) => ignored.has(name)));
  return { fingerprint, alertFingerprint: fingerprintOf(kept), labels: labelsOf(kept), replicaLabels };
}

/** Reads the annotations of one alert; they may be missing. When they are too large, the largest are cut and marked. */
export function readAnnotations(value: unknown, maxBytes: number): Labels | Malformed {
  if (value === undefined || value === null) return labelsOf([]);
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

/** Counts bytes only when the number of UTF-16 units does not settle it: a unit has at most three bytes. */
function isLarger(entries: readonly Entry[], maxBytes: number): boolean {
  let units = 0;
  for (const [name, text] of entries) units += name.length + text.length;
  return units * 3 > maxBytes && sizeOf(entries) > maxBytes;
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
