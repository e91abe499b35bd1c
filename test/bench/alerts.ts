/** The alerts of the bench: as large as real ones (about 600 bytes), each with labels of its own. */

/** How many alert names, so groups, there are. */
const names = 50;

/** What the alerts of a run share; with another `startsAt` a repeat would be news. */
export interface Common {
  job: string;
  startsAt: string;
}

/** Alert number `n`, as both Alertmanager's API and its webhook write one. */
function alertText(n: number, { job, startsAt }: Common): string {
  const name = `Bench${Math.floor(n / 100) % names}`;
  const labels = `{"alertname":"${name}","cluster":"az-a","instance":"10.0.${n >> 8}.${n & 255}:9100","job":"${job}","namespace":"bench","number":"${n}","severity":"warning"}`;
  const annotations = `{"summary":"Instance 10.0.${n >> 8}.${n & 255} of ${name} is not what it should be","description":"This text is as long as those of the usual rule sets: the value has been above its threshold for more than five minutes."}`;
  return `{"status":"firing","labels":${labels},"annotations":${annotations},"startsAt":"${startsAt}","generatorURL":"http://prometheus.example:9090/graph?g0.expr=up+%3D%3D+0&g0.tab=1"`;
}

/** Who reads a body: Alertmanager's API, or a webhook. */
export type Form = 'alertmanager' | 'webhook';

/**
 * One request with the `count` first alerts of a group, which begins with number `first`: a group is what one Alertmanager
 * posts together, and it says each time all that it has.
 */
export function bodyOf(form: Form, first: number, count: number, { job, startsAt }: Common): string {
  const alerts = Array.from({ length: count }, (_, i) => alertText(first + i, { job, startsAt }));
  if (form === 'alertmanager') return `[${alerts.map((a) => `${a.replace('"status":"firing",', '')}}`).join(',')}]`;
  const ended = alerts.map((a) => `${a},"endsAt":"0001-01-01T00:00:00Z","fingerprint":"0000000000000000"}`);
  return `{"version":"4","groupKey":"{}:{alertname=\\"Bench${Math.floor(first / 100) % names}\\", number=\\"${first}\\"}","truncatedAlerts":0,"status":"firing","receiver":"monitor-manager","groupLabels":{},"commonLabels":{},"commonAnnotations":{},"externalURL":"http://alertmanager.example:9093","alerts":[${ended.join(',')}]}`;
}
