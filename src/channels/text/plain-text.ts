/** An outline as plain text: the text part of a mail, the outbox and the text messages of WeCom. */
import type { AlertLine } from './alert-line.ts';
import type { Block } from './blocks.ts';
import { type Outline, type Section, standsAlone } from './outline.ts';
import type { Words } from './words.ts';

/** What a channel's own text syntax needs. */
export interface TextForm {
  /** Makes a value that is not ours inert. */
  escape(value: string): string;
  link(label: string, url: string, words: Words): string;
}

/** Text without any syntax. */
export const bareText: TextForm = {
  escape: (value) => value,
  link: (label, url, words) => words.labelled(label, url),
};

function alertText(line: AlertLine, form: TextForm, language: Words): string[] {
  const what = [line.name, line.labels.join(' ')].filter(Boolean).join(' ');
  const first = [what, line.summary].filter(Boolean).map(form.escape).join(' — ');
  const links = line.links.map(({ words, url }) => `  ${form.link(words, url, language)}`);
  const detail = line.detail === '' ? [] : [`  ${form.escape(line.detail)}`];
  return [`${line.critical ? '‼' : '•'} ${[first, line.when].filter(Boolean).join(' · ')}`, ...detail, ...links];
}

function blockText(block: Block, form: TextForm, language: Words): string[] {
  return [
    block.heading,
    ...block.lines.flatMap((line) => alertText(line, form, language)),
    ...(block.more === null ? [] : [block.more]),
  ];
}

function sectionText(section: Section, outline: Outline, form: TextForm): string[] {
  const { words } = outline;
  const title = [section.severity, section.name, section.place.join(' ')].filter(Boolean).join(' · ');
  const head = [
    `■ ${form.escape(title)}`,
    [section.headline, section.when].filter(Boolean).map(form.escape).join(' · '),
    ...(section.url === null ? [] : [form.link(words.incidentLink, section.url, words)]),
  ];
  return [
    ...(standsAlone(outline) ? [] : head),
    ...section.facts.map(form.escape),
    ...section.blocks.flatMap((block) => blockText(block, form, words)),
  ];
}

/** The message as lines: the lead and the link first, then one paragraph per incident. */
export function plainText(outline: Outline, form: TextForm): string {
  return [
    form.escape(outline.lead),
    form.link(outline.url.words, outline.url.href, outline.words),
    ...outline.facts.map(form.escape),
    ...outline.sections.flatMap((section) => ['', ...sectionText(section, outline, form)]),
    ...(outline.moreIncidents === null ? [] : ['', outline.moreIncidents]),
    '',
    form.escape(outline.footer),
  ].join('\n');
}
