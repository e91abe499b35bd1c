/** How alarms about other sites (peers) are worded; the annotations say the rest. */
import type { AlertView } from '../../alert/message.ts';
import { plain } from './neutral.ts';

/** Of one language. */
export interface SiteWords {
  /** What is wrong, by alertname. @param site whom it is about @param from who sees it so */
  readonly troubles: Readonly<Record<string, (site: string, from: string) => string>>;
  silent(troubles: readonly string[], since: string): string;
  back(sites: readonly string[], at: string): string;
  silentSubject(troubles: readonly string[]): string;
  backSubject(sites: readonly string[]): string;
}

/** A message names no more of them in its first line; it lists them all further down. */
const namedAtMost = 8;

/** Whether an alarm of the watchdog is about a site, and not about a heartbeat. */
export function isAboutSite({ labels }: Pick<AlertView, 'labels'>): boolean {
  return labels['heartbeat'] === undefined && (labels['peer'] !== undefined || labels['alertname'] === 'SiteCutOff');
}

/** What is wrong with each. */
export function troublesOf(alerts: readonly AlertView[], words: SiteWords): string[] {
  return alerts.slice(0, namedAtMost).map((alert) => {
    const name = alert.labels['alertname'] ?? '';
    return words.troubles[name]?.(siteOf(alert), plain(alert.labels['seen_from'] ?? '?', 60)) ?? plain(name, 60);
  });
}

/** The sites that they are about, each once. */
export function sitesOf(alerts: readonly AlertView[]): string[] {
  return [...new Set(alerts.map(siteOf))].slice(0, namedAtMost);
}

function siteOf({ labels }: AlertView): string {
  return plain(labels['peer'] ?? labels['site'] ?? '?', 60);
}
