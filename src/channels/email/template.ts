/**
 * The HTML part: tables and inline styles, because Outlook renders with Word and Gmail drops most of a style sheet.
 * The style sheet only adds the dark colours, where a client reads it.
 */
import type { AlertLine } from '../text/alert-line.ts';
import type { Block } from '../text/blocks.ts';
import { type Outline, type Section, standsAlone } from '../text/outline.ts';
import { Html, html } from './html.ts';

const font = "font-family:-apple-system,BlinkMacSystemFont,'Segoe UI','PingFang SC','Microsoft YaHei',Arial,sans-serif";
const wrap = 'word-break:break-word;overflow-wrap:anywhere';

/** Bar colours on which white text is readable in light and dark. */
const colours = {
  alarm: '#8b1a8b',
  critical: '#b3261e',
  firing: '#b25000',
  resolved: '#23753a',
  neutral: '#44546a',
} as const;

const styles = new Html(`:root{color-scheme:light dark}
@media (prefers-color-scheme:dark){.page{background:#16181d!important}.card{background:#22252c!important}
.ink{color:#eceef2!important}.soft{color:#a9b0bc!important}.line{border-color:#3a3f49!important}.link{color:#8ab8ff!important}}`);

const link = (words: string, url: string): Html =>
  html`<a class="link" href="${url}" style="color:#0b57d0;text-decoration:underline">${words}</a>`;

function row(line: AlertLine): Html {
  const labels = line.labels.join(' ');
  const named = line.name !== null || labels !== '';
  const mark = line.critical && html`<strong>‼ </strong>`;
  return html`<tr><td class="line ink" style="padding:8px 0;border-top:1px solid #e3e6ea;font-size:14px;line-height:20px;color:#1c1e21;${wrap}">
${named && mark}${line.name !== null && html`<strong>${line.name}</strong> `}<span style="font-family:Menlo,Consolas,monospace;font-size:13px">${labels}</span>
${line.summary !== '' && html`<div>${!named && mark}${line.summary}</div>`}${line.detail !== '' && html`<div class="soft" style="font-size:13px;line-height:19px;color:#5b6470">${line.detail}</div>`}
<div class="soft" style="font-size:12px;line-height:18px;color:#5b6470">${line.when}${line.links.map(({ words, url }) => html` · ${link(words, url)}`)}</div>
</td></tr>`;
}

function blockRows(block: Block): Html {
  return html`<tr><td class="ink" style="padding:14px 0 6px;font-size:14px;line-height:20px;font-weight:bold;color:#1c1e21">${block.heading}</td></tr>
${block.lines.map(row)}${
  block.more !== null &&
  html`<tr><td class="soft" style="padding:8px 0;font-size:13px;color:#5b6470">${block.more}</td></tr>`
}`;
}

function titleRows(section: Section): Html {
  const name = [section.severity, section.name].filter(Boolean).join(' · ');
  return html`<tr><td class="ink" style="padding:0 0 2px;font-size:18px;line-height:24px;font-weight:bold;color:#1c1e21;${wrap}">${name}</td></tr>
<tr><td class="ink" style="padding:0 0 2px;font-size:14px;line-height:20px;color:#1c1e21;${wrap}">${section.place.join(' ')}</td></tr>
<tr><td class="ink" style="padding:0 0 8px;font-size:14px;line-height:20px;color:#1c1e21">${section.when}</td></tr>`;
}

function sectionTable(section: Section, outline: Outline): Html {
  const alone = standsAlone(outline);
  const facts = section.facts.map((fact) => html`<div>${fact}</div>`);
  return html`<tr><td class="card line" bgcolor="#ffffff" style="padding:16px 20px;background:#ffffff;border-top:1px solid #e3e6ea">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="table-layout:fixed">
${!alone && html`<tr><td class="ink" style="padding:0 0 4px;font-size:14px;line-height:20px;color:#1c1e21">${section.headline}</td></tr>`}
${outline.titled && titleRows(section)}
${alone && button(outline)}
${!alone && section.url !== null && html`<tr><td style="padding:0 0 8px;font-size:14px">${link(outline.words.incidentLink, section.url)}</td></tr>`}
<tr><td class="soft" style="padding:4px 0;font-size:13px;line-height:19px;color:#5b6470;${wrap}">${facts}</td></tr>
${section.blocks.map(blockRows)}
</table></td></tr>`;
}

function button({ url, tone }: Outline): Html {
  return html`<tr><td style="padding:4px 0 10px"><table role="presentation" cellpadding="0" cellspacing="0" border="0"><tr>
<td bgcolor="${colours[tone]}" style="background:${colours[tone]};border-radius:4px;padding:10px 18px"><a href="${url.href}" style="color:#ffffff;font-size:15px;font-weight:bold;text-decoration:none">${url.words}</a></td>
</tr></table></td></tr>`;
}

function cards(outline: Outline): Html {
  const alone = standsAlone(outline);
  const bar = [outline.headline, alone ? null : outline.severity].filter(Boolean).join(' · ');
  const colour = colours[outline.tone];
  return html`<table role="presentation" width="600" cellpadding="0" cellspacing="0" border="0" style="width:100%;max-width:600px;table-layout:fixed;text-align:left;${font}">
<tr><td bgcolor="${colour}" style="padding:16px 20px;background:${colour};color:#ffffff;font-size:18px;line-height:25px;font-weight:bold;${wrap}">${bar}</td></tr>
${!alone && html`<tr><td class="card" bgcolor="#ffffff" style="padding:12px 20px 4px;background:#ffffff"><table role="presentation" cellpadding="0" cellspacing="0" border="0">${button(outline)}</table></td></tr>`}
${outline.facts.length > 0 && html`<tr><td class="card ink" bgcolor="#ffffff" style="padding:12px 20px;background:#ffffff;font-size:14px;line-height:21px;color:#1c1e21;${wrap}">${outline.facts.map((fact) => html`<div>${fact}</div>`)}</td></tr>`}
${outline.sections.map((section) => sectionTable(section, outline))}
${outline.moreIncidents !== null && html`<tr><td class="card ink" bgcolor="#ffffff" style="padding:12px 20px;background:#ffffff;font-size:14px;color:#1c1e21">${outline.moreIncidents}</td></tr>`}
<tr><td class="soft" style="padding:12px 20px;font-size:12px;line-height:18px;color:#5b6470;${wrap}">${outline.footer}</td></tr>
</table>`;
}

/** The whole document. The hidden first text is what a mail list shows beside the subject. */
export function mailHtml(outline: Outline): string {
  const { words, subject, lead } = outline;
  return html`<!doctype html>
<html lang="${words.tag}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">
<title>${subject}</title><style>${styles}</style></head>
<body class="page" style="margin:0;padding:0;background:#f2f4f7">
<div style="display:none;max-height:0;overflow:hidden;mso-hide:all">${lead}</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" class="page" bgcolor="#f2f4f7" style="background:#f2f4f7"><tr><td align="center" style="padding:12px">
${cards(outline)}
</td></tr></table></body></html>`.markup;
}
