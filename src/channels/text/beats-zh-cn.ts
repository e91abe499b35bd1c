/** Simplified Chinese: what messages say of lost heartbeats; the part that is gone comes first. */
import type { Verdict } from '../../alert/blame.ts';
import { sharedPart } from './parts.ts';
import type { BeatName, Words } from './words.ts';

const titles: Partial<Record<Verdict, string>> = { road_broken: '链路中断' };
const titleOf = (part: Verdict) => titles[part] ?? '监控失联';

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
    monitoring_silent: `来源 ${source} 整体无应答，`,
    road_broken: `来源 ${source} 到本站点的链路中断（${partNames} 仍能看到心跳），`,
    prometheus: `来源 ${source} 的 Prometheus 异常，`,
    alertmanager: `来源 ${source} 的 Alertmanager ${partNames} 或其链路异常，`,
    unknown: '',
  })[part];

/** The first few; the message lists them all further down. */
const names = (beats: readonly BeatName[]) => {
  const own = (beat: BeatName) => (sharedPart(beats) === 'unknown' && short(beat) !== '' ? `，${short(beat)}` : '');
  const listed = beats.slice(0, 8).map((beat) => `${beat.heartbeat}（${beat.source}${own(beat)}）`);
  return listed.join('、') + (beats.length > 8 ? '……' : '');
};

const headed = (beats: readonly BeatName[]) => {
  const parts = new Set(beats.map(short));
  const [only = ''] = parts;
  return parts.size === 1 && only !== '' && sharedPart(beats) !== 'unknown' ? `${only}：` : '';
};

const advice: Readonly<Record<Verdict, string>> = {
  unknown:
    '心跳恢复之前，该来源的告警无法送达。请依次检查：Prometheus、其 Alertmanager，以及从那里到 Monitor Manager 的链路。',
  monitoring_silent:
    '该来源没有任何部分应答，其告警无法送达。请先检查该站点的供电和网络，再检查 Prometheus 和 Alertmanager。',
  road_broken:
    '该来源仍有人监视，但上报无法到达这里。请检查从其 Alertmanager 到 Monitor Manager 的链路：网络、代理、令牌和路由。',
  prometheus: '该 Prometheus 的告警无法送达。请检查它是否运行、是否在计算规则、能否连上其 Alertmanager。',
  alertmanager:
    'Prometheus 仍在运行，但其告警无法继续传递，因此无法送达。请检查该 Alertmanager 是否运行，以及到它的链路。',
};

export const beatsZhCN: Pick<Words, 'silent' | 'back' | 'silentSubject' | 'backSubject' | 'silentAdvice'> = {
  silent: (beats, since) => {
    const [first] = beats;
    const title = titleOf(sharedPart(beats));
    if (beats.length !== 1 || first === undefined)
      return `${title}：${headed(beats)}${beats.length} 个心跳自 ${since} 起中断：${names(beats)}`;
    const { heartbeat, source, part } = first;
    const from = part === 'unknown' ? `来源 ${source} 的` : '';
    return `${title}：${whole(first)}${from}心跳 ${heartbeat} 自 ${since} 起中断`;
  },
  back: (beats, at) =>
    beats.length === 1
      ? `监控恢复：来源 ${beats[0]!.source} 的心跳 ${beats[0]!.heartbeat} 已于 ${at} 恢复`
      : `监控恢复：${beats.length} 个心跳已于 ${at} 恢复：${names(beats)}`,
  silentSubject: (beats) => `[${titleOf(sharedPart(beats))}] ${headed(beats)}${names(beats)}`,
  backSubject: (beats) => `[监控恢复] ${names(beats)}`,
  silentAdvice: (part) => advice[part],
};
