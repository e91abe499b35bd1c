/** This service with what its importer makes of the same file; what it tells goes to its outbox. */
import { parse } from 'yaml';
import { importAlertmanager } from '../../src/groups/import/import.ts';
import { handClock } from '../support/clock.ts';
import { adminToken, startService } from '../support/service.ts';
import type { Company, Labels } from './cases.ts';
import { importedFile, phaseMs, receiverOf } from './configs.ts';
import { type Side, textOf } from './side.ts';

/** This service as one of the sides. */
export interface OwnSide extends Side, AsyncDisposable {
  /** What the importer could not carry over. */
  notes: readonly string[];
  /** Lets a phase pass. */
  pass: () => Promise<void>;
}

interface ImportedGroup {
  name: string;
  members: string[];
}

interface ToldRow extends Record<string, unknown> {
  address: string;
  told: [fingerprint: string, episode: number, state: string][];
}

const token = 'token-of-the-oracle-0123456789';

/** Starts one with an alert group for each route of all these companies. */
export async function startOwnSide(companies: readonly Company[]): Promise<OwnSide> {
  const { text, exact, notes } = importAlertmanager(importedFile(companies));
  if (!exact) throw new Error('the importer says that some alerts would go to more alert groups');
  const document = parse(text) as { alert_groups: ImportedGroup[] };
  const memberOf = new Map(document.alert_groups.map(({ name, members }) => [name, members[0] ?? 'nobody']));
  const clock = handClock(new Date());
  const s = await startService({ clock });
  try {
    await s.apply({ ...document, sources: [{ name: 'oracle', kind: 'prometheus', token }] });
  } catch (error) {
    await s.stop();
    throw error;
  }
  const { db } = s.service;

  async function lastWords(): Promise<Map<string, string>> {
    const alerts = await db.query<{ fingerprint: string; labels: Labels }>('select fingerprint, labels from alert');
    const labels = new Map(alerts.rows.map((row) => [row.fingerprint, row.labels]));
    const { rows } = await db.query<ToldRow>(
      `select d.address, n.told from notification n join destination d on d.id = n.destination_id
       where n.state = 'accepted' order by n.finished_at, n.id`,
    );
    return new Map(
      rows.flatMap(({ address, told }) =>
        told.map(([fingerprint, , state]) => [
          `${receiverOf(address)} ${textOf(labels.get(fingerprint) ?? {})}`,
          state,
        ]),
      ),
    );
  }

  return {
    url: s.url,
    headers: { authorization: `Bearer ${adminToken}` },
    postHeaders: { authorization: `Bearer ${token}` },
    now: () => clock.now(),
    receiverOf: (name) => memberOf.get(name) ?? name,
    ...{ lastWords, notes },
    pass: () => s.advance(phaseMs, 1_000),
    [Symbol.asyncDispose]: () => s.stop(),
  };
}
