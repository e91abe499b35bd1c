/** Which pages are pictured, and what each must show before it is. */
import type { Page } from 'playwright-core';
import type { TestService } from '../support/service.ts';

export interface Picture {
  name: string;
  title: string;
  path: string;
  /** Resolves when the page shows what it is about. */
  ready: (page: Page) => Promise<void>;
  /** Of the window, where it is no phone and two columns should stand side by side. */
  width?: number;
}

const shows = (text: string) => (page: Page) => page.locator('main').getByText(text).first().waitFor();

/** In the order of the documentation. */
export async function picturesOf({ api }: TestService): Promise<Picture[]> {
  const { items } = await api<{ items: { id: string; group_labels: Record<string, string> }[] }>(
    'GET',
    '/api/v1/incidents',
  );
  const incident = items.find(({ group_labels: by }) => by['alertname'] === 'ReplicationStopped')?.id;
  return [
    { name: 'now', title: 'What is open now', path: '/', ready: shows('PaymentErrorsHigh') },
    {
      ...{ name: 'incident', title: 'An incident: what fires, who was told, what comes next' },
      ...{ path: `/incidents/${incident}`, ready: shows('What happened') },
    },
    {
      ...{ name: 'silences', title: 'Silences', path: '/silences', ready: shows('hides 1 alert now') },
    },
    {
      ...{ name: 'new-silence', title: 'A new silence, with what it would hide' },
      ...{ path: '/silences/new?matcher=cluster%3D"prod-a"', ready: shows('ReplicationStopped') },
    },
    {
      ...{ name: 'heartbeats', title: 'Heartbeats: whether the monitoring itself is alive' },
      ...{ path: '/heartbeats', ready: shows('Lost') },
    },
    {
      ...{ name: 'peers', title: 'Peers: the other sites, and what was found of each' },
      ...{ path: '/peers', ready: shows('Down') },
    },
    {
      ...{ name: 'consistency', title: 'Consistency: which source did not deliver what the others did' },
      ...{ path: '/consistency', ready: shows('shanghai-a') },
    },
    {
      ...{ name: 'deliveries', title: 'Deliveries, and what to do about those that failed' },
      ...{ path: '/deliveries', ready: shows('What to do') },
    },
    {
      ...{ name: 'alert-group', title: 'An alert group under edit, with what it does' },
      ...{ path: '/alert-groups/platform', ready: shows('PodCrashLooping'), width: 1240 },
    },
    {
      ...{ name: 'people', title: 'People and rooms: whether each address works' },
      ...{ path: '/people', ready: shows('zhang.san') },
    },
  ];
}
