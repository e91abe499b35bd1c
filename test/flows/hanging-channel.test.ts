import { createServer, type Socket } from 'node:net';
import { eachDeployment } from '../support/deployments.ts';
import { payload } from '../support/payload.ts';
import { eventually } from '../support/wait.ts';
import { company, group, startFlow, tokenOf } from './flow.ts';

const people = Array.from({ length: 60 }, (_, i) => ({
  name: `person${i}`,
  email: `person${i}@example.org`,
  locale: 'en',
  timezone: 'UTC',
}));
const policy = { group_wait: '0s' };

/** Takes connections and never says a word: what a mail server behind a broken firewall looks like. */
async function silentServer(): Promise<{ url: string; connections: Set<Socket>; stop(): void }> {
  const connections = new Set<Socket>();
  const server = createServer((socket) => void connections.add(socket.on('error', () => {})));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    url: `smtp://127.0.0.1:${port}`,
    connections,
    stop() {
      server.close();
      for (const socket of connections) socket.destroy();
    },
  };
}

eachDeployment((deployment) => {
  it('rule 4: a mail server that hangs for many recipients delays neither decisions nor a critical WeCom message', async () => {
    const silent = await silentServer();
    await using flow = await startFlow(deployment, { env: { SMTP_URL: silent.url } });
    await flow.s.apply({
      ...company,
      contacts: [...company.contacts, ...people],
      alert_groups: [
        group('database', { members: people.map((p) => p.name), policy }),
        group('network', { robots: ['ops'], policy }),
      ],
    });
    const post = (labels: Record<string, string>) =>
      flow.s.post(tokenOf('az-a'), payload([{ labels, startsAt: flow.s.clock.now() }]));
    const { pipeline } = flow.s.service;
    await post({ alertname: 'DiskFull', team: 'database' });
    await pipeline.look();
    const trying = async () =>
      (await flow.s.service.db.query(`select 1 from attempt where finished_at is null`)).rows.length >= 16;
    await eventually(trying, { describe: '16 mails under way' });
    await post({ alertname: 'LinkDown', team: 'network', severity: 'critical' });
    await pipeline.look();
    await eventually(() => flow.wecoms('robot-key').length > 0, { describe: 'the WeCom message' });
    expect(await trying()).toBe(true);
    silent.stop();
  });
});
