import { stringify } from 'yaml';
import { importAlertmanager } from '../../../../src/groups/import/import.ts';
import { documentOf, notesOf, receiverFile } from './example.ts';

const people = (file: string) =>
  (documentOf(importAlertmanager(file)).contacts ?? []).map(({ name, email, wecom }) => [name, email, wecom]);
const groups = (file: string) => documentOf(importAlertmanager(file)).alert_groups ?? [];
const mail = (to: string, more: object = {}) => ({ email_configs: [{ to, ...more }] });
const wecom = (to_user: string, more: object = {}) => ({ wechat_configs: [{ to_user, ...more }] });

/** A file with these receivers, a route to each but the first. */
function several(receivers: Record<string, object>): string {
  const names = Object.keys(receivers);
  const routes = names.slice(1).map((receiver) => ({ receiver, matchers: [`to="${receiver}"`] }));
  return stringify({
    route: { receiver: names[0], routes },
    receivers: Object.entries(receivers).map(([name, raw]) => ({ name, ...raw })),
  });
}

describe('e-mail receivers', () => {
  it('become contacts, also several in one field, with names before them', () => {
    const file = receiverFile(mail('a@x.org, Li Wei <li.wei@x.org>,"Smith, Jo" <jo@x.org> , '));
    expect(people(file)).toEqual([
      ['a', 'a@x.org', null],
      ['li.wei', 'li.wei@x.org', null],
      ['jo', 'jo@x.org', null],
    ]);
    expect(groups(file)).toMatchObject([{ name: 'one', members: ['a', 'li.wei', 'jo'], channels: ['email'] }]);
  });

  it('that name one person several times make one contact', () => {
    const file = several({ one: mail('li@x.org'), two: mail('Li@X.org,jo@x.org'), three: mail('li@y.org') });
    expect(people(file)).toEqual([
      ['li', 'li@x.org', null],
      ['jo', 'jo@x.org', null],
      ['li@y.org', 'li@y.org', null],
    ]);
    expect(groups(file).map((group) => group.members)).toEqual([['li', 'jo'], ['li@y.org'], ['li']]);
  });

  it('say what of them cannot be used', () => {
    const file = receiverFile({
      email_configs: [
        { to: '{{ .CommonLabels.mail }}', html: '<b>', headers: { Subject: 's3cret-subject' } },
        { to: 'no address, ok@x.org', smarthost: 'mx:25', auth_password: 'hunter2', auth_username: 'me' },
        {},
      ],
    });
    const notes = notesOf(file);
    expect(people(file)).toEqual([['ok', 'ok@x.org', null]]);
    expect(notes).toMatch(/^receiver "one", email_configs\[0\]: to is a template/m);
    expect(notes).toMatch(/^receiver "one", email_configs\[0\]: headers, html cannot be kept/m);
    expect(notes).toMatch(/^receiver "one", email_configs\[1\]: "no address" in to is no address/m);
    expect(notes).toMatch(/^receiver "one", email_configs\[1\]: smarthost, auth_username, auth_password of its own/m);
    expect(notes).toMatch(/^receiver "one", email_configs\[2\]: it has no to/m);
  });
});

describe('WeCom receivers', () => {
  it('become contacts by userid', () => {
    const file = receiverFile(wecom('LiWei|zhang'));
    expect(people(file)).toEqual([
      ['LiWei', null, 'LiWei'],
      ['zhang', null, 'zhang'],
    ]);
    expect(groups(file)).toMatchObject([{ members: ['LiWei', 'zhang'], channels: ['wecom-app'] }]);
  });

  it('say what of them cannot be used', () => {
    const file = receiverFile(
      wecom('@all', { to_party: '1', to_tag: '2', message: 'm', corp_id: 'c', api_secret: 's3' }),
    );
    const notes = notesOf(file);
    for (const words of ['to_user is @all', 'to_party names people', 'to_tag names people', 'message cannot be kept'])
      expect(notes).toContain(`receiver "one", wechat_configs[0]: ${words}`);
    expect(notes).toContain('api_secret, corp_id of its own cannot be kept');
    expect(notes).toContain('receiver "one": nobody of it was carried over');
    expect(people(file)).toEqual([]);
  });
});

describe('a person', () => {
  it('is one contact when the userid is what comes before the @ in the same receiver', () => {
    const file = several({ one: { ...mail('Li.Wei@x.org,jo@x.org'), ...wecom('li.wei|zhang') }, two: wecom('LI.WEI') });
    expect(people(file)).toEqual([
      ['Li.Wei', 'Li.Wei@x.org', 'li.wei'],
      ['jo', 'jo@x.org', null],
      ['zhang', null, 'zhang'],
    ]);
    expect(groups(file)).toMatchObject([
      { name: 'two', members: ['Li.Wei'], channels: ['wecom-app'] },
      { name: 'one', members: ['Li.Wei', 'jo', 'zhang'], channels: ['email', 'wecom-app'] },
    ]);
  });

  it('has a name that an object may have, whatever the address is', () => {
    const odd = `.@x.org,..@x.org,${'y'.repeat(80)}@x.org,\u{1f600}@x.org`;
    expect(people(several({ one: mail(odd) })).map(([name]) => name)).toEqual([
      '.@x.org',
      '..@x.org',
      'y'.repeat(60),
      '\u{1f600}',
    ]);
  });

  it('stays two when they stand in different receivers', () => {
    expect(people(several({ one: mail('li@x.org'), two: wecom('li') }))).toEqual([
      ['li', 'li@x.org', null],
      ['li-wecom', null, 'li'],
    ]);
  });

  it('is said to be reached in one more way where that comes about', () => {
    const both = { ...mail('li@x.org'), ...wecom('li') };
    const file = several({ one: both, two: { ...mail('li@x.org'), ...wecom('zhang') } });
    expect(notesOf(file)).toContain('receiver "two": "li" is reached by e-mail and by WeCom now');
    expect(notesOf(file)).not.toContain('receiver "one": "li"');
  });
});

describe('send_resolved', () => {
  const flag = (raw: Record<string, unknown>) => groups(receiverFile(raw))[0]?.policy.send_resolved;
  it('is false where nothing says so, as in Alertmanager', () => {
    expect(flag(mail('a@x.org'))).toBe(false);
    expect(flag(mail('a@x.org', { send_resolved: true }))).toBe(true);
  });

  it('is true, and said, where it differs', () => {
    const mixed = { ...mail('a@x.org', { send_resolved: true }), ...wecom('b') };
    expect(flag(mixed)).toBe(true);
    expect(notesOf(receiverFile(mixed))).toContain('receiver "one": only some of it has send_resolved');
  });
});

describe('other receivers', () => {
  it('are named, and their alert groups stay so that no alert goes elsewhere', () => {
    const file = several({ one: mail('a@x.org'), chat: { slack_configs: [{ api_url: 'https://hooks/T0/s3cret' }] } });
    expect(notesOf(file)).toContain('receiver "chat": slack_configs cannot be carried over');
    expect(groups(file)[0]).toMatchObject({ name: 'chat', members: [], matchers: ['to="chat"'] });
  });

  it('that do nothing are nothing to speak of', () => {
    expect(notesOf(several({ one: mail('a@x.org'), null: {} }))).not.toContain('receiver "null"');
  });

  it('that post to Monitor Manager itself are recognized', () => {
    const url = 'http://mm:8080/api/v1/webhooks/alertmanager/TOKEN-1234567890';
    const notes = notesOf(receiverFile({ webhook_configs: [{ url }] }));
    expect(notes).toContain('receiver "one": it is Monitor Manager itself: take its routes out');
    expect(notes).not.toContain('TOKEN');
  });

  it('that no route uses are left out', () => {
    const receivers = [{ name: 'one' }, { name: 'old', ...mail('old@x.org') }];
    const file = stringify({ route: { receiver: 'one' }, receivers });
    expect(notesOf(file)).toContain('receiver "old": it was left out');
    expect(people(file)).toEqual([]);
  });
});

describe('a secret', () => {
  it('is nowhere in what comes out', () => {
    const http_config = { authorization: { credentials: 'HUNTER1' }, basic_auth: { password: 'HUNTER2' } };
    const file = stringify({
      global: { smtp_auth_password: 'HUNTER3', slack_api_url: 'https://HUNTER4', wechat_api_secret: 'HUNTER5' },
      route: { receiver: 'one' },
      receivers: [
        {
          name: 'one',
          email_configs: [
            { to: 'a@x.org', auth_password: 'HUNTER6', auth_secret: 'HUNTER7', headers: { X: 'HUNTER8' } },
          ],
          wechat_configs: [{ to_user: 'li', api_secret: 'HUNTER9', api_url: 'https://x/?key=HUNTER10', http_config }],
          webhook_configs: [{ url: 'https://x/HUNTER11', http_config }],
          pagerduty_configs: [{ routing_key: 'HUNTER12' }],
        },
      ],
    });
    const { text, notes } = importAlertmanager(file);
    expect(`${text}${notes.join('\n')}`).not.toContain('HUNTER');
  });
});
