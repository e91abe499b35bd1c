/** An outline in WeCom's markdown subset: bold, inline code, quotes, links and three font colours. */
import type { AlertLine } from '../text/alert-line.ts';
import type { Block } from '../text/blocks.ts';
import { type Outline, type Section, standsAlone } from '../text/outline.ts';
import { codeMarkdown, escapeMarkdown } from './escape.ts';

/** A link whose address cannot end the link early. */
export function markdownLink(words: string, url: string): string {
  return `[${words}](${url.replaceAll('(', '%28').replaceAll(')', '%29')})`;
}

/** WeCom knows green, grey and orange; the words say what colour means. */
const colours = {
  alarm: 'warning',
  critical: 'warning',
  firing: 'warning',
  resolved: 'info',
  neutral: 'comment',
} as const;

const coloured = (colour: string, words: string) => `<font color="${colour}">${words}</font>`;
const joined = (parts: readonly (string | null)[], separator: string) => parts.filter(Boolean).join(separator);

function alertMarkdown(line: AlertLine): string {
  const names = [line.name, ...line.labels].filter((name) => name !== null).map(codeMarkdown);
  const words = joined([names.join(' '), escapeMarkdown(line.summary)], ' — ');
  const when = line.when === '' ? null : coloured('comment', escapeMarkdown(line.when));
  return `> ${line.critical ? '‼ ' : ''}${joined([words, when], ' · ')}`;
}

function blockMarkdown(block: Block): string[] {
  return [
    `**${block.heading}**`,
    ...block.lines.map(alertMarkdown),
    ...(block.more === null ? [] : [`> ${block.more}`]),
  ];
}

function titleMarkdown(section: Section): string {
  const place = section.place.map(codeMarkdown).join(' ');
  const severity = section.severity && `**${escapeMarkdown(section.severity)}**`;
  return joined([severity, `**${escapeMarkdown(section.name)}**`, place, escapeMarkdown(section.when)], ' · ');
}

function sectionMarkdown(section: Section, outline: Outline): string[] {
  const alone = standsAlone(outline);
  return [
    ...(alone ? [] : [escapeMarkdown(section.headline)]),
    ...(outline.titled && !alone ? [titleMarkdown(section)] : []),
    ...(alone || section.url === null ? [] : [markdownLink(outline.words.incidentLink, section.url)]),
    ...section.facts.map((fact) => coloured('comment', escapeMarkdown(fact))),
    ...section.blocks.flatMap(blockMarkdown),
  ];
}

/** The message: what is new first, then the link, then one paragraph per incident. */
export function markdownText(outline: Outline): string {
  const first = joined([outline.headline, standsAlone(outline) ? null : outline.severity], ' · ');
  return [
    `**${coloured(colours[outline.tone], escapeMarkdown(first))}**`,
    ...(standsAlone(outline) && outline.titled ? [titleMarkdown(outline.sections[0]!)] : []),
    markdownLink(outline.url.words, outline.url.href),
    ...outline.facts.map(escapeMarkdown),
    ...outline.sections.flatMap((section) => ['', ...sectionMarkdown(section, outline)]),
    ...(outline.moreIncidents === null ? [] : ['', outline.moreIncidents]),
    '',
    coloured('comment', escapeMarkdown(outline.footer)),
  ].join('\n');
}
