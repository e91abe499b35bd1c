/** Makes values inert in WeCom's own text syntaxes, which have no escape character: look-alikes take their place. */

const mention = /@(?=all\b)/gi;

/** For text messages: `<a href>` is the only syntax there. */
export function escapeText(value: string): string {
  return value.replaceAll('<', '＜').replace(mention, '＠');
}

const lookAlikes: Readonly<Record<string, string>> = {
  '<': '＜',
  '>': '＞',
  '[': '［',
  ']': '］',
  '`': 'ˋ',
  '*': '∗',
  '#': '＃',
};

/** For markdown outside of inline code. An underscore inside a word emphasises nothing and stays copyable. */
export function escapeMarkdown(value: string): string {
  return value
    .replace(/[<>[\]`*#]/g, (character) => lookAlikes[character]!)
    .replace(/(?<![\p{L}\p{N}_])_+|_+(?![\p{L}\p{N}_])/gu, (run) => '＿'.repeat(run.length))
    .replace(mention, '＠');
}

/** As inline code: nothing but a backtick and a mention means anything there. */
export function codeMarkdown(value: string): string {
  return value === '' ? '' : `\`${value.replaceAll('`', 'ˋ').replaceAll('<', '＜').replace(mention, '＠')}\``;
}
