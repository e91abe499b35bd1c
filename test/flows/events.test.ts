import { eachDeployment } from '../support/deployments.ts';
import { adminToken } from '../support/service.ts';
import { eventually } from '../support/wait.ts';
import { type Flow, startFlow } from './flow.ts';

eachDeployment((deployment) => {
  let flow: Flow;
  beforeEach(async () => {
    flow = await startFlow(deployment);
    await flow.configure({});
  });
  afterEach(() => flow[Symbol.asyncDispose]());

  /** Everything that a listener has been told has changed. */
  async function listen() {
    const answer = await fetch(`${flow.s.url}/api/v1/events`, { headers: { authorization: `Bearer ${adminToken}` } });
    const heard = { text: '', ended: false };
    const read = async () => {
      for await (const chunk of answer.body ?? []) heard.text += new TextDecoder().decode(chunk as Uint8Array);
      heard.ended = true;
    };
    void read();
    await eventually(() => heard.text.includes('{"kinds":[]}'));
    return heard;
  }

  it('a page that listens hears of alerts, of messages and of edits, and its connection ends with the service', async () => {
    const heard = await listen();
    await flow.fire({ alertname: 'DiskFull', team: 'database' });
    await eventually(() => heard.text.includes('"incidents","alerts"'));
    await flow.pass(60_000);
    await eventually(() => heard.text.includes('"notifications"'));
    await flow.s.api('POST', '/api/v1/contacts', { name: 'new.one' });
    await eventually(() => heard.text.includes('"config"'));
    await flow.stopService();
    await eventually(() => heard.ended);
  });
});
