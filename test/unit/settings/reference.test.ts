import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { describeSettings, loadSettings } from '../../../src/settings.ts';
import { renderExample, renderReference } from './render.ts';

const examplePath = 'config/monitor-manager.example.yaml';

function load(text: string) {
  return loadSettings({ configPath: 'example.yaml', env: {}, readFile: () => text, hostname: 'host' });
}

describe('the shipped settings file', () => {
  // After a change of the schema: npx vitest run test/unit/settings/reference.test.ts --update=all
  it('says what the schema says', async () => {
    await expect(renderExample()).toMatchFileSnapshot(`../../../${examplePath}`);
  });

  it('changes nothing as it is shipped', () => {
    expect(load(readFileSync(examplePath, 'utf8'))).toEqual(load(''));
  });

  it('holds every key, and each parses to its default when its comment sign is taken away', () => {
    const uncommented = readFileSync(examplePath, 'utf8').replace(/^( *)#(?=[a-z_]+:)/gm, '$1');
    expect(load(uncommented)).toEqual(load(''));
    const tree: unknown = parse(uncommented);
    for (const { path } of describeSettings()) expect(tree).toHaveProperty([...path]);
  });
});

describe('the reference page', () => {
  it('says what the schema says', async () => {
    await expect(renderReference()).toMatchFileSnapshot('../../../docs/settings.md');
  });

  it('has a sentence for every setting', () => {
    for (const { path, doc } of describeSettings()) expect(doc, path.join('.')).toMatch(/^\S.{15,}\.$|: .*\S$/);
  });

  it('names the variables that admins rely on', () => {
    const names = describeSettings().map((entry) => entry.env);
    const contract = `MM_LISTEN MM_DATA_DIR MM_EXTERNAL_URL MM_SITE DATABASE_URL REDIS_URL SMTP_URL MM_MAIL_FROM MM_WECOM_API_URL
      MM_WECOM_CORP_ID MM_WECOM_AGENT_ID MM_WECOM_SECRET MM_ADMIN_TOKEN MM_PROVISION MM_EMERGENCY_CONTACTS MM_LOG_LEVEL`;
    expect(names).toEqual(expect.arrayContaining(contract.split(/\s+/)));
  });
});
