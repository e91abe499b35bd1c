import { randomUUID } from 'node:crypto';
import type { Contact, Robot, Snapshot } from '../../alert/config.ts';
import { labelsOf } from '../../alert/labels.ts';
import type { Message } from '../../alert/message.ts';
import { behindOutbox } from '../../alert/outbox.ts';
import type { TestResult, TestTarget } from '../../alert/test-message.ts';
import type { Channel } from '../../channels/channel.ts';
import { DeliveryError } from '../../channels/channel.ts';
import type { Clock } from '../../clock.ts';
import type { Db } from '../../store/db.ts';
import { type Address, audienceOf, type Telling } from '../converge/audience.ts';
import type { Sender } from './compose.ts';

const ownError = 'an error of Monitor Manager itself; its log says more';

/** What sending a test needs. */
export interface TestParts {
  db: Db;
  snapshot: () => Promise<Snapshot>;
  clock: Clock;
  channels: ReadonlyMap<string, Channel>;
  sender: Sender;
  /** Something that is not a delivery error. */
  onFault: (error: unknown, to: Address) => void;
}

/** Sends test messages at once, outside of every timer and rate, and reports each provider's answer. */
export async function sendTestMessages(parts: TestParts, target: TestTarget): Promise<TestResult[]> {
  const telling = await whoIs(parts, target);
  // Whoever is told only when nobody acknowledges must be reachable too.
  const steps = telling.escalation.length;
  const audience = audienceOf(telling, new Set(parts.channels.keys()), parts.clock.now(), steps);
  const wanted = audience.filter((a) => target.channel === null || behindOutbox(a).channel === target.channel);
  return Promise.all(wanted.map((to) => sendOne(parts, to)));
}

async function whoIs(parts: TestParts, target: TestTarget): Promise<Telling> {
  if (target.kind === 'alert_group') {
    const groups = [...(await parts.snapshot()).groupsById.values()];
    return groups.find((g) => g.name === target.name) ?? nobody;
  }
  if (target.kind === 'robot') {
    const robots = await parts.db.query<Robot & Record<string, unknown>>('select * from robot where name = $1', [
      target.name,
    ]);
    return { ...nobody, robots: robots.rows };
  }
  const contacts = await parts.db.query<Contact & Record<string, unknown>>('select * from contact where name = $1', [
    target.name,
  ]);
  return { ...nobody, members: contacts.rows };
}

const nobody: Telling = { members: [], schedules: [], channels: ['email', 'wecom-app'], robots: [], escalation: [] };

async function sendOne(parts: TestParts, to: Address): Promise<TestResult> {
  const channel = parts.channels.get(to.channel) as Channel;
  const about = { destination: to.address, channel: to.channel };
  const messageId = `<mm.test.${randomUUID()}@${parts.sender.mailDomain}>`;
  try {
    const content = channel.render(testMessage(parts, to, messageId));
    const answer = await channel.send(content, { address: to.address, messageId, repeat: false });
    // What is kept in the outbox has reached nobody.
    const ok = to.channel !== 'outbox';
    const { text, remedy = null } = answer;
    return { ...about, ok, answer: text, reason: ok ? 'accepted' : 'misconfigured', remedy };
  } catch (error) {
    if (error instanceof DeliveryError)
      return { ...about, ok: false, answer: error.answer, reason: error.reason, remedy: error.remedy };
    // What came of the other addresses must not be lost with it; the words of an unknown error may hold anything.
    parts.onFault(error, to);
    return { ...about, ok: false, answer: ownError, reason: 'internal', remedy: null };
  }
}

function testMessage(parts: TestParts, to: Address, messageId: string): Message {
  const { site, externalUrl } = parts.sender;
  return {
    messageId,
    threadId: messageId,
    locale: to.locale,
    timezone: to.timezone,
    site,
    externalUrl,
    sentAt: parts.clock.now(),
    occasion: null,
    parts: [
      {
        incidentId: 'test',
        group: to.name,
        groupLabels: labelsOf([]),
        kind: 'test',
        sequence: 1,
        fresh: [],
        resolved: [],
        stillFiring: 0,
        stillFiringSample: [],
        critical: false,
        url: externalUrl,
        acknowledgedBy: null,
        escalatedAfterMs: null,
      },
    ],
  };
}
