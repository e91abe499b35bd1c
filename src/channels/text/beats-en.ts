/** English: what messages say of lost heartbeats; the part that is gone comes first. */
import type { Verdict } from '../../alert/blame.ts';
import { sharedPart } from './parts.ts';
import type { BeatName, Words } from './words.ts';

const titles: Partial<Record<Verdict, string>> = { road_broken: 'ROAD BROKEN' };
const titleOf = (part: Verdict) => titles[part] ?? 'MONITORING SILENT';

/** In the subject, and behind the source where several are named. */
const short = ({ part, partNames }: BeatName) =>
  ({
    monitoring_silent: '',
    road_broken: '',
    prometheus: 'Prometheus',
    alertmanager: `Alertmanager ${partNames}`,
    unknown: '',
  })[part];

const whole = ({ part, partNames, source }: BeatName) =>
  ({
    monitoring_silent: `nobody sees anything of source ${source}, `,
    road_broken: `the road from source ${source} to here (still seen by ${partNames}), `,
    prometheus: `Prometheus of source ${source}, `,
    alertmanager: `Alertmanager ${partNames} of source ${source} or its road, `,
    unknown: '',
  })[part];

/** The first few; the message lists them all further down. */
const names = (beats: readonly BeatName[]) => {
  const own = (beat: BeatName) => (sharedPart(beats) === 'unknown' && short(beat) !== '' ? `, ${short(beat)}` : '');
  const listed = beats.slice(0, 8).map((beat) => `${beat.heartbeat} (${beat.source}${own(beat)})`);
  return listed.join(', ') + (beats.length > 8 ? ' …' : '');
};

const headed = (beats: readonly BeatName[]) => {
  const parts = new Set(beats.map(short));
  const [only = ''] = parts;
  return parts.size === 1 && only !== '' && sharedPart(beats) !== 'unknown' ? `${only}: ` : '';
};

const advice: Readonly<Record<Verdict, string>> = {
  unknown:
    'Until it is back, no alert from there can reach you. Check in this order: Prometheus, its Alertmanager, the way from there to Monitor Manager.',
  monitoring_silent:
    'Nothing there answers, so no alert from there can reach you. Check the power and the network of that site, then its Prometheus and its Alertmanagers.',
  road_broken:
    'It is still watched there, but its posts do not arrive here. Check the way from its Alertmanagers to Monitor Manager: network, proxy, token, routes.',
  prometheus:
    'No alert of that Prometheus can reach you. Check whether it runs, evaluates its rules, and reaches its Alertmanagers.',
  alertmanager:
    'Prometheus runs, but its alerts get no further, so none can reach you. Check whether that Alertmanager runs, and the road to it.',
};

export const beatsEn: Pick<Words, 'silent' | 'back' | 'silentSubject' | 'backSubject' | 'silentAdvice'> = {
  silent: (beats, since) => {
    const [first] = beats;
    const title = titleOf(sharedPart(beats));
    if (beats.length !== 1 || first === undefined)
      return `${title}: ${headed(beats)}${beats.length} heartbeats lost since ${since}: ${names(beats)}`;
    const { heartbeat, source, part } = first;
    const from = part === 'unknown' ? ` from source ${source}` : '';
    return `${title}: ${whole(first)}heartbeat ${heartbeat}${from} lost since ${since}`;
  },
  back: (beats, at) =>
    beats.length === 1
      ? `MONITORING IS BACK: heartbeat ${beats[0]!.heartbeat} from source ${beats[0]!.source} returned at ${at}`
      : `MONITORING IS BACK: ${beats.length} heartbeats returned at ${at}: ${names(beats)}`,
  silentSubject: (beats) => `[${titleOf(sharedPart(beats))}] ${headed(beats)}${names(beats)}`,
  backSubject: (beats) => `[MONITORING BACK] ${names(beats)}`,
  silentAdvice: (part) => advice[part],
};
