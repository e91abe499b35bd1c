import { faultsWithin, readDocument } from '../../../src/groups/apply.ts';
import { HttpProblem } from '../../../src/http/problem.ts';

/** Paths of what is wrong with a document. */
function wrong(document: unknown): string[] {
  try {
    readDocument(document);
    return [];
  } catch (error) {
    return error instanceof HttpProblem ? error.faults.map((f) => f.path) : [String(error)];
  }
}
const policy = (policy: object) => wrong({ alert_groups: [{ name: 'g', policy }] });
const contact = (more: object) => wrong({ contacts: [{ name: 'li', ...more }] });

describe('a document', () => {
  it('has no alert group whose address is that of the previews', () => {
    expect(wrong({ alert_groups: [{ name: 'preview' }] })).toEqual(['alert_groups[0].name']);
  });

  it('fills in the defaults of an alert group', () => {
    expect(readDocument({ alert_groups: [{ name: 'g', policy: { group_wait: '90s' } }] }).alert_groups).toEqual([
      {
        name: 'g',
        matchers: [],
        continue: false,
        members: [],
        schedules: [],
        channels: ['email', 'wecom-app'],
        robots: [],
        escalation: [],
        policy: {
          group_by: ['alertname'],
          group_wait: '1m30s',
          group_interval: '5m',
          repeat_interval: '4h',
          send_resolved: true,
          for: '0s',
          keep_firing_for: '0s',
          flapping: null,
          storm: null,
          quiet_time_intervals: [],
          mute_time_intervals: [],
          active_time_intervals: [],
        },
      },
    ]);
  });

  it('is refused with the path of every unknown key, at any depth', () => {
    expect(wrong({ groups: [], alert_groups: [{ name: 'g', policy: { wait: '1s' } }] })).toEqual([
      'alert_groups[0].policy.wait',
      'groups',
    ]);
  });

  it.each([
    [{ group_interval: '0s' }, 'policy.group_interval'],
    [{ repeat_interval: '0' }, 'policy.repeat_interval'],
    [{ group_wait: '2d' }, 'policy.group_wait'],
    [{ group_wait: '1.5h' }, 'policy.group_wait'],
    [{ group_by: ['...', 'alertname'] }, 'policy.group_by'],
    [{ group_by: ['a', 'a'] }, 'policy.group_by'],
  ])('is refused for the policy %j', (bad, path) => {
    expect(policy(bad)).toEqual([`alert_groups[0].${path}`]);
  });

  it.each([
    [{ email: 'li@x.org\nBcc: all@x.org' }, 'email'],
    [{ email: 'li@x.org>' }, 'email'],
    [{ wecom: 'Li Wei' }, 'wecom'],
    [{ wecom: 'x'.repeat(65) }, 'wecom'],
    [{ timezone: 'Mars/Olympus' }, 'timezone'],
    [{ timezone: '+08:00' }, 'timezone'],
    [{ locale: 'fr' }, 'locale'],
    [{ digest_at: '09:00' }, 'digest_at'],
    [{ digest_at: ['09:00', '9:00'] }, 'digest_at[1]'],
    [{ digest_at: ['24:00'] }, 'digest_at[0]'],
  ])('is refused for the contact %j', (bad, path) => {
    expect(contact(bad)).toEqual([`contacts[0].${path}`]);
  });

  it.each([
    [{ critical: ['<@LiWei>'] }, 'mention.critical[0]'],
    [{ critical: ['LiWei'], firing: ['@ALL'] }, 'mention.firing[0]'],
    [{ firing: ['all right'] }, 'mention.firing[0]'],
    [{ always: ['LiWei'] }, 'mention.always'],
    [{ critical: Array.from({ length: 11 }, (_, n) => `u${n}`) }, 'mention.critical'],
  ])('is refused for the mentions %j of a room', (mention, path) => {
    expect(wrong({ robots: [{ name: 'r', key: '11111111-2222-3333', mention }] })).toEqual([`robots[0].${path}`]);
  });

  it('is refused for text that the database cannot hold', () => {
    const source = (labels: object) => wrong({ sources: [{ name: 'a', labels }] });
    expect(source({ cluster: 'a\0b' })).toEqual(['sources[0].labels.cluster']);
    expect(source({ cluster: '\ud800' })).toEqual(['sources[0].labels.cluster']);
    expect(policy({ group_by: ['a\0'] })).toEqual(['alert_groups[0].policy.group_by[0]']);
  });

  it('is refused for a heartbeat whose timeout is too long to count, and for one without matchers', () => {
    const heartbeat = (more: object) => wrong({ heartbeats: [{ name: 'h', matchers: ['a="b"'], ...more }] });
    expect(heartbeat({ timeout: '30d' })).toEqual(['heartbeats[0].timeout']);
    expect(heartbeat({ timeout: '0s' })).toEqual(['heartbeats[0].timeout']);
    expect(heartbeat({ matchers: [] })).toEqual(['heartbeats[0].matchers']);
  });

  it('is refused for a silence that would match everything, or begin anew with every apply', () => {
    const silence = (more: object) => wrong({ silences: [{ comment: 'c', ends_at: '2026-02-01T00:00:00Z', ...more }] });
    expect(silence({ matchers: ['a="b"'] })).toEqual([]);
    expect(silence({ matchers: ['a=~".*"'] })).toEqual(['silences[0].matchers']);
    expect(silence({ matchers: [] })).toEqual(['silences[0].matchers']);
    expect(silence({ matchers: ['a="b"'], ends_at: undefined, duration: '1h' })).toEqual(['silences[0].name']);
  });

  it('is refused for secrets that are too short, without repeating them', () => {
    const bad = { sources: [{ name: 'a', token: 'hunter2' }], robots: [{ name: 'r', key: 'hunter2' }] };
    expect(wrong(bad)).toEqual(['sources[0].token', 'robots[0].key']);
    expect(() => readDocument(bad)).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('hunter2') }),
    );
  });

  it('takes the whole webhook address of a robot for its key', () => {
    const key = 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa';
    expect(readDocument({ robots: [{ name: 'r', key }] }).robots?.[0]?.key).toBe(
      '693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa',
    );
  });

  it('says what a peer lacks, and takes no address with a password or a query in it', () => {
    const peer = { name: 'site-b', url: 'https://mm-b.example.org/mm/', secret: 'a-secret-of-two-sites' };
    expect(wrong({ peers: [peer] })).toEqual([]);
    expect(wrong({ peers: [{}] })).toEqual(['peers[0].name', 'peers[0].url']);
    for (const url of ['https://a:b@mm.example.org', 'https://mm.example.org/?a=b', 'ftp://mm.example.org', 'mm-b'])
      expect(wrong({ peers: [{ ...peer, url }] })).toEqual(['peers[0].url']);
    expect(wrong({ peers: [{ ...peer, secret: 'short' }] })).toEqual(['peers[0].secret']);
    expect(wrong({ peers: [{ ...peer, name: 'probe' }] })).toEqual(['peers[0].name']);
  });
});

describe('what does not fit within a document', () => {
  it('is what is listed twice, and what names something that its section does not have', () => {
    const document = readDocument({
      contacts: [{ name: 'li.wei', email: 'li.wei@example.org' }],
      alert_groups: [
        { name: 'a', members: ['nobody'] },
        { name: 'a', robots: ['elsewhere'] },
      ],
    });
    const faults = faultsWithin(document).map(({ path, message }) => `${path}: ${message}`);
    expect(faults).toEqual([
      expect.stringContaining('"a" is listed twice'),
      'alert_groups[a].members: "nobody" is not in contacts',
    ]);
  });
});
