/**
 * Alertmanager itself says what is right: generated companies happen to a real one and to this service, and both must show
 * and tell the same, but for the differences in intended.ts.
 */
import { drills } from '../faults/deployments.ts';
import { needs } from '../support/needs.ts';
import { eventually } from '../support/wait.ts';
import { type AlertmanagerSide, startAlertmanagerSide } from './alertmanager-side.ts';
import { type Company, companiesOf, phases, quietRoutes } from './cases.ts';
import { sentinel } from './configs.ts';
import { oncePerReceiver, withoutForgottenEnds } from './intended.ts';
import { type OwnSide, startOwnSide } from './own-side.ts';
import { firingOn, groupsOn, type LastWords, player } from './side.ts';

/** Companies that share one Alertmanager. */
const together = 20;
const usualSeed = 20_260_105;
const seed = Number(process.env['MM_PROPERTY_SEED'] ?? (drills ? Date.now() % 1_000_000 : usualSeed));
const batches = drills ? 10 : 1;
/** So long before the next flush of Alertmanager everything has to be there, or a group may be told of half of it. */
const quietMs = 700;

interface Both {
  theirs: AlertmanagerSide;
  ours: OwnSide;
}

/** What was compared, in numbers: a comparison of nothing would be equal too. */
interface Compared {
  firing: number;
  heldBack: number;
  groups: number;
  told: number;
  ends: number;
}

async function compare({ theirs, ours }: Both, companies: readonly Company[], phase: number): Promise<Compared> {
  const [firing, groups, words] = await Promise.all([firingOn(theirs), groupsOn(theirs), theirs.lastWords()]);
  const at = `phase ${phase}, seed ${seed}`;
  const told = await ours.lastWords();
  expect(difference(await firingOn(ours), firing), `what fires, ${at}`).toEqual(none);
  const ourGroups = oncePerReceiver(await groupsOn(ours));
  expect(difference(ourGroups, oncePerReceiver(groups)), `the groups, ${at}`).toEqual(none);
  const heard = withoutForgottenEnds(words, told, companies, phase);
  expect(difference(linesOf(told), linesOf(heard)), `what was told, ${at}`).toEqual(none);
  return {
    ...{ firing: firing.length, groups: groups.length, told: words.size },
    heldBack: firing.filter((line) => !line.endsWith(': 0 silences')).length,
    ends: [...words.values()].filter((state) => state === 'resolved').length,
  };
}

const none = { onlyOurs: [], onlyTheirs: [] };

function difference(ours: readonly string[], theirs: readonly string[]): { onlyOurs: string[]; onlyTheirs: string[] } {
  return {
    onlyOurs: ours.filter((line) => !theirs.includes(line)),
    onlyTheirs: theirs.filter((line) => !ours.includes(line)),
  };
}

function linesOf(words: LastWords): string[] {
  return [...words].map(([key, state]) => `${key} ${state}`).sort();
}

/** Plays one batch to its end. Null when this machine was too slow for it to be fair. */
async function play(companies: readonly Company[]): Promise<Compared[] | null> {
  await using theirs = await startAlertmanagerSide(companies);
  await using ours = await startOwnSide(companies);
  const [playTheirs, playOurs] = [player(theirs), player(ours)];
  const compared: Compared[] = [];
  for (let phase = 0; phase < phases; phase++) {
    const began = performance.now();
    await playTheirs(companies, phase, { ...sentinel, phase: String(phase) });
    if (performance.now() - began > quietMs) return null;
    const over = eventually(() => theirs.sentinels() > phase, { timeoutMs: 60_000, describe: 'the end of a phase' });
    await playOurs(companies, phase);
    await ours.pass();
    await over;
    compared.push(await compare({ theirs, ours }, companies, phase));
  }
  return compared;
}

needs('alertmanager')('Alertmanager and this service', () => {
  // Alertmanager goes by the clock on the wall, so its time intervals are made around the present.
  const companies = companiesOf(seed, batches * together, new Date());
  it.for(Array.from({ length: batches }, (_, n) => n))('show and tell the same, batch %i', async (batch) => {
    console.log(`oracle.test: seed ${seed}`);
    const some = companies.slice(batch * together, (batch + 1) * together);
    let compared: Compared[] | null = null;
    for (let tries = 0; compared === null && tries < 3; tries++) compared = await play(some);
    if (compared === null) throw new Error('this machine is too slow to do everything between two flushes');
    console.log(`oracle.test: ${compared.map((one) => JSON.stringify(one)).join(' ')}`);
    const most = (key: keyof Compared) => Math.max(...compared.map((one) => one[key]));
    expect(most('firing')).toBeGreaterThan(together);
    expect(most('groups')).toBeGreaterThan(together);
    expect(most('told')).toBeGreaterThan(together);
    expect(Math.min(most('heldBack'), most('ends'))).toBeGreaterThan(5);
    const routes = some.map(quietRoutes);
    expect(routes.filter(({ quiet }) => quiet > 0).length).toBeGreaterThan(2);
    expect(routes.filter(({ loud }) => loud > 0).length).toBeGreaterThan(2);
  });
});
