/** Subject lines. `[FIRING:n]` and `[RESOLVED]` are the same in every language, so that mail rules keep working. */
import type { Message, MessagePart } from '../../alert/message.ts';
import { beatsOf, countsOf, firingOf, isFiring, nameOf, placeOf, severityOf, type Voice } from './headline.ts';
import { plain } from './neutral.ts';
import { isAboutSite, sitesOf, troublesOf } from './site-words.ts';
import type { Words } from './words.ts';

/** Long enough for the name and place of an incident, short enough for every mail client. */
const maxLength = 200;

function whatAndWhere(parts: readonly MessagePart[], { words }: Voice): string {
  const [part] = parts;
  if (parts.length > 1 || !part) {
    return `${words.incidents(parts.length)}: ${[...new Set(parts.map(nameOf))].slice(0, 5).join(', ')}`;
  }
  const place = [...placeOf(part), ...instanceOf(part)].join(' ');
  return place === '' ? nameOf(part) : `${nameOf(part)} (${place})`;
}

/** The one alert's instance, where the group does not name it already. */
function instanceOf(part: MessagePart): string[] {
  const [only, ...others] = [...part.fresh, ...part.resolved, ...part.stillFiringSample];
  const instance = only?.labels['instance'];
  return others.length > 0 || !instance || part.groupLabels['instance'] ? [] : [`instance=${plain(instance, 60)}`];
}

/** What a subject says of why a message tells of much at once, empty or with a space at its end. */
function occasionWords(occasion: Message['occasion'], { words }: Voice): string {
  if (occasion === null) return '';
  if (occasion.kind === 'storm') return `${words.stormSubject(plain(occasion.group, 60))} · `;
  return `${occasion.kind === 'digest' ? words.digestSubject : words.quietHoursSubject} · `;
}

function unlimited(parts: readonly MessagePart[], occasion: Message['occasion'], voice: Voice, site: string): string {
  const { words } = voice;
  if (parts.some((part) => part.kind === 'test')) return words.testSubject(plain(site, 60));
  if (parts.some((part) => part.kind === 'watchdog')) {
    return watchdogSubject(parts, words);
  }
  const { fresh, again, flapping, still } = countsOf(parts);
  const what = `${occasionWords(occasion, voice)}${whatAndWhere(parts, voice)}`;
  if (!isFiring(parts)) return `[RESOLVED] ${what}`;
  const severity = parts.some((part) => part.critical) ? `${severityOf(parts, words)} ` : '';
  return `[FIRING:${fresh + again + flapping + still}] ${severity}${what}`;
}

function watchdogSubject(parts: readonly MessagePart[], words: Words): string {
  const lost = parts.flatMap(firingOf);
  const told = lost.length > 0 ? lost : parts.flatMap((part) => part.resolved);
  const [sites, beats] = [told.filter(isAboutSite), told.filter((alert) => !isAboutSite(alert))];
  const phrases =
    lost.length > 0
      ? [
          beats.length > 0 && words.silentSubject(beatsOf(beats)),
          sites.length > 0 && words.site.silentSubject(troublesOf(sites, words.site)),
        ]
      : [
          beats.length > 0 && words.backSubject(beatsOf(beats)),
          sites.length > 0 && words.site.backSubject(sitesOf(sites)),
        ];
  return phrases.filter(Boolean).join(' ');
}

/** One line of at most 200 characters, free of anything that could begin a header of its own. */
export function subjectOf(message: Pick<Message, 'parts' | 'occasion' | 'site'>, voice: Voice): string {
  return plain(unlimited(message.parts, message.occasion, voice, message.site), maxLength);
}
