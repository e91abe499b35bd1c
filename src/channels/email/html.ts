/** A template tag that escapes everything but what it made itself. */

/** Markup that is safe to insert as it is. Only the tag makes it. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

/** What can stand in a template: null and false are nothing, lists are joined. */
export type Insert = Html | string | number | null | false | readonly Insert[];

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

function inserted(value: Insert): string {
  if (value === null || value === false) return '';
  if (value instanceof Html) return value.markup;
  if (typeof value === 'object') return value.map(inserted).join('');
  return String(value).replace(/[&<>"'`]/g, (character) => entities[character]!);
}

/** Builds markup: `html\`<b>${anything}</b>\``. Attributes must be quoted. */
export function html(parts: TemplateStringsArray, ...values: readonly Insert[]): Html {
  return new Html(parts.reduce((markup, part, index) => markup + inserted(values[index - 1] ?? null) + part));
}
