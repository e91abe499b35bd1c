import { eachDeployment } from '../support/deployments.ts';
import { type AlertSpec, payload } from '../support/payload.ts';
import { type Flow, group, minute, startFlow, tokenOf } from './flow.ts';

/** The full number is for the drills. */
const groups = process.env['MM_DRILLS'] === '1' ? 1_000 : 100;
const alertsPerGroup = 10;
const sources = ['az-a', 'az-b', 'az-c'];
/** As many requests at once as three Alertmanagers make. */
const atOnce = 48;

type Post = { source: string; body: unknown };

/** What three Alertmanagers say about one group, each in its own words. */
function postsOf(name: string, startsAt: number, more: Partial<AlertSpec> = {}): Post[] {
  return sources.map((source, s) => ({
    source,
    body: payload(
      Array.from({ length: alertsPerGroup }, (_, i) => ({
        labels: { alertname: name, team: 'database', instance: `i${i}`, prometheus_replica: `${source}-${i % 2}` },
        startsAt: new Date(startsAt + ((i + s) % 3) * minute - minute),
        generatorURL: `http://prometheus-${s}.example/graph?${i}`,
        ...more,
      })),
      { groupKey: `{}:{alertname="${name}"}`, externalURL: `http://${source}.example:9093` },
    ),
  }));
}

/** A fixed shuffle: the same order at every run. */
function shuffled<T>(items: readonly T[]): T[] {
  const keyed = items.map((item, i) => ({ item, key: (i * 7_919 + 104_729) % 99_991 }));
  return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
}

async function postAll(flow: Flow, posts: readonly Post[]): Promise<void> {
  const left = [...posts];
  const lane = async () => {
    for (let post = left.pop(); post !== undefined; post = left.pop()) {
      const answer = await flow.s.post(tokenOf(post.source), post.body);
      // What an Alertmanager does: a busy service is asked again.
      if (answer.status === 503) left.unshift(post);
      else expect([answer.status, await answer.json()]).toMatchObject([200, { alerts: alertsPerGroup }]);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
}

eachDeployment((deployment) => {
  it(`${groups} groups of ${alertsPerGroup} alerts from three sources at once, and again in another order: one message each`, async () => {
    await using flow = await startFlow(deployment);
    await flow.configure({ alert_groups: [group('database', { members: ['li.wei'] })] });
    const names = Array.from({ length: groups }, (_, i) => `Group${i}`);
    const start = flow.s.clock.now().getTime();
    const firing = names.flatMap((name) => postsOf(name, start));
    await postAll(flow, firing);
    await flow.pass(minute);
    await postAll(flow, shuffled(firing));
    await flow.pass(10 * minute);
    const told = (deltas: string[]) => [deltas.length, new Set(deltas)];
    expect(told(flow.mails('li.wei'))).toEqual([groups, new Set([`+${alertsPerGroup} new`])]);
    expect(new Set(flow.mailsTo('li.wei').map((mail) => mail.subject)).size).toBe(groups);

    const end = { status: 'resolved' as const, endsAt: flow.s.clock.now() };
    await postAll(flow, shuffled(names.flatMap((name) => postsOf(name, start, end))));
    await flow.pass(minute);
    await postAll(flow, firing);
    await flow.pass(10 * minute);
    const after = flow.mails('li.wei').slice(groups);
    expect(told(after)).toEqual([groups, new Set([`−${alertsPerGroup} resolved, all clear`])]);
  }, 600_000);
});
