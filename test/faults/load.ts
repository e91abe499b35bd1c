/** Alerts that keep coming, and the books that say what must have been told. */
import { setTimeout as pause } from 'node:timers/promises';
import { payload } from '../support/payload.ts';
import type { ProcessService } from '../support/process-service.ts';
import type { ReceivedMail, SmtpServer } from '../support/smtp.ts';
import type { StallWatch } from '../support/stalls.ts';

/** The token of the source that the load posts as. */
export const loadToken = 'source-token-of-the-load';

/** A document with one source, one contact, and one alert group that tells every alert of the load by mail. */
export function loadConfig(): Record<string, unknown> {
  return {
    sources: [{ name: 'load', token: loadToken }],
    contacts: [{ name: 'on-call', email: 'on-call@example.org', locale: 'en', timezone: 'UTC' }],
    alert_groups: [
      {
        name: 'load',
        matchers: ['job="load"'],
        members: ['on-call'],
        channels: ['email'],
        policy: { group_by: ['alertname'], group_wait: '0s', group_interval: '1s', repeat_interval: '4h' },
      },
    ],
  };
}

/** One request and what became of it. */
export interface Posted {
  /** Occurs in every mail that tells its alert, and in no other. */
  marker: string;
  /** 0: the connection broke. */
  status: number;
  /** When it was sent, by `performance.now()`. */
  at: number;
  ms: number;
}

/** Load that runs until it is stopped. */
export interface Load {
  /** Every request, also the repeated ones. */
  posted: readonly Posted[];
  /** Markers of requests that were answered 2xx. */
  acknowledged(): ReadonlySet<string>;
  /** Stops; requests under way end first. With `insist` each is repeated until it is acknowledged. */
  stop(): Promise<void>;
}

export interface LoadOptions {
  service: ProcessService;
  /** Requests side by side. */
  lanes?: number;
  /** Of each lane between two requests. */
  gapMs?: number;
  /** Repeats what is not acknowledged, as Alertmanager does. */
  insist?: boolean;
  prefix?: string;
}

/** Posts one new alert per request, from several lanes. */
export function startLoad({ service, lanes = 4, gapMs = 40, insist = true, prefix = 'load' }: LoadOptions): Load {
  const posted: Posted[] = [];
  let stopped = false;
  let count = 0;
  const lane = async () => {
    while (!stopped) {
      count += 1;
      const marker = `${prefix}-${count}-end`;
      const body = alertBody(marker);
      do {
        const sent = await post(service, marker, body);
        posted.push(sent);
        await pause(gapMs);
        if (isAck(sent)) break;
      } while (insist);
    }
  };
  const running = Array.from({ length: lanes }, lane);
  return {
    posted,
    acknowledged: () => new Set(posted.filter(isAck).map((one) => one.marker)),
    async stop() {
      stopped = true;
      await Promise.all(running);
    },
  };
}

/** Posts one alert whose mails hold `marker`. */
export async function postOne(service: ProcessService, marker: string): Promise<Posted> {
  return post(service, marker, alertBody(marker));
}

function alertBody(marker: string): string {
  return JSON.stringify(
    payload([{ labels: { alertname: marker, job: 'load' }, startsAt: new Date() }], { groupKey: `{}:{${marker}}` }),
  );
}

async function post(service: ProcessService, marker: string, body: string): Promise<Posted> {
  const startedAt = performance.now();
  const status = await service.post(loadToken, body, AbortSignal.timeout(10_000)).then(
    async (answer) => {
      await answer.arrayBuffer();
      return answer.status;
    },
    () => 0,
  );
  return { marker, status, at: startedAt, ms: performance.now() - startedAt };
}

/** How long a request waited for the service: its time without that of stalls of the machine. */
export function waitedMs({ at, ms }: Posted, stalls: StallWatch): number {
  return ms - stalls.during(at, at + ms);
}

function isAck(posted: Posted): boolean {
  return posted.status >= 200 && posted.status < 300;
}

/** What the mails of a load amount to. */
export interface Told {
  /** Acknowledged, and in no mail. */
  lost: string[];
  /** In mails with different Message-IDs: told twice. */
  twice: string[];
  /** Mails that came once more with the same Message-ID. */
  repeats: number;
}

/** Compares what was acknowledged with the mails that arrived. */
export function compareMails(acknowledged: ReadonlySet<string>, smtp: Pick<SmtpServer, 'mails'>): Told {
  const ids = new Map<string, Set<string>>();
  for (const mail of smtp.mails) {
    for (const marker of markersOf(mail)) ids.set(marker, (ids.get(marker) ?? new Set()).add(mail.messageId));
  }
  return {
    lost: [...acknowledged].filter((marker) => !ids.has(marker)),
    twice: [...ids].filter(([, of]) => of.size > 1).map(([marker]) => marker),
    repeats: smtp.mails.length - new Set(smtp.mails.map((mail) => mail.messageId)).size,
  };
}

function markersOf(mail: ReceivedMail): Set<string> {
  return new Set(`${mail.subject}\n${mail.text}`.match(/\b\w+-\d+-end\b/g) ?? []);
}
