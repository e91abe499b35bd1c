/** What the tests of the import share. */
import { parse, stringify } from 'yaml';
import { readDocument } from '../../../../src/groups/apply.ts';
import { ImportError, type Imported, importAlertmanager } from '../../../../src/groups/import/import.ts';
import type { Document } from '../../../../src/groups/kinds.ts';

/** A route as Alertmanager's file has it. */
export interface RawRoute {
  receiver?: string;
  matchers?: string[];
  continue?: boolean;
  routes?: RawRoute[];
  [key: string]: unknown;
}

/** Everything that a file needs beside its routes: each receiver that they name. */
export function fileOf(route: RawRoute, more: Record<string, unknown> = {}): string {
  const names = new Set<string>();
  const collect = ({ receiver, routes = [] }: RawRoute) => {
    if (receiver !== undefined) names.add(receiver);
    routes.forEach(collect);
  };
  collect(route);
  return stringify({ route, receivers: [...names].map((name) => ({ name })), ...more });
}

/** A file with one route to one receiver. */
export function receiverFile(receiver: Record<string, unknown>): string {
  return stringify({ route: { receiver: 'one' }, receivers: [{ name: 'one', ...receiver }] });
}

/** The document that came of it, read as `apply` reads it. */
export function documentOf({ text }: Imported): Document {
  return readDocument(parse(text));
}

/** The alert groups of a file, each as one line: its name, its matchers, and where the search ends. */
export function groupLines(file: string): string[] {
  return (documentOf(importAlertmanager(file)).alert_groups ?? []).map(
    (group) => `${group.name} {${group.matchers.join(',')}}${group.continue ? ' continue' : ''}`,
  );
}

/** The notes of a file. */
export function notesOf(file: string): string {
  return importAlertmanager(file).notes.join('\n');
}

/** Why a file is refused. */
export function refusal(file: string): string {
  try {
    importAlertmanager(file);
    return '';
  } catch (error) {
    return error instanceof ImportError ? error.message : `not an ImportError: ${String(error)}`;
  }
}
