/** Words for what the schema says: the shipped example file and the reference page. */
import { stringify } from 'yaml';
import { describeSettings, type SettingEntry } from '../../../src/settings.ts';

/** `config/monitor-manager.example.yaml`. */
export function renderExample(): string {
  const parts = describeSettings().map((entry, index, all) => {
    const [first = ''] = entry.path;
    const opens = entry.path.length > 1 && all[index - 1]?.path[0] !== first;
    return `${opens ? `${first}:\n` : ''}${renderKey(entry)}`;
  });
  return `# Every setting of Monitor Manager, with its default. Take away the "#" of what you want to change.
# Use it with --config FILE or MM_CONFIG. The environment wins over this file; an unknown key is an error.
# Times are written 30s, 5m, 1h30m or 30d; sizes 512KiB or 32MB.

${parts.join('\n')}`;
}

function renderKey(entry: SettingEntry): string {
  const indent = '  '.repeat(entry.path.length - 1);
  const key = entry.path.at(-1) ?? '';
  const more = [
    ...(entry.computed === undefined ? [] : [`Default: ${entry.computed}.`]),
    ...(entry.env === undefined ? [] : [`Environment: ${entry.env}.`]),
    ...(entry.secret ? [`A secret: also ${key}_file here, or ${entry.env}_FILE.`] : []),
  ];
  const comments = [...wrap(entry.doc, 110), ...(more.length > 0 ? [more.join(' ')] : [])];
  return `${comments.map((line) => `${indent}# ${line}\n`).join('')}${indent}#${key}: ${flow(entry.default)}\n`;
}

/** `docs/settings.md`. */
export function renderReference(): string {
  const rows = describeSettings().map((entry) => {
    const env = entry.env === undefined ? '' : `\`${entry.env}\`${entry.secret ? `, \`${entry.env}_FILE\`` : ''}`;
    const value =
      entry.computed?.replaceAll('<', '&lt;') ?? (entry.default === null ? 'none' : `\`${flow(entry.default)}\``);
    return `| \`${entry.path.join('.')}\` | ${env} | ${cell(value)} | ${cell(entry.doc)} |`;
  });
  return `# Settings

Settings come from one YAML file (\`--config FILE\` or \`MM_CONFIG\`), and the environment wins over it. Without any, the service
runs on its embedded database. Unknown keys are errors; \`check-config\` prints everything that is wrong at once, with its line.

A setting with a \`…_FILE\` variable is a secret: it can also be read from the file of that name, or from the one that
\`<key>_file\` names in the YAML. Giving both is an error, and so is a file that cannot be read. An empty variable counts as not
given. Lists are comma-separated in the environment.

This page and \`config/monitor-manager.example.yaml\` come from the schema in \`src/settings/schema.ts\`; a test keeps them so.

| key | environment | default | what it does |
|---|---|---|---|
${rows.join('\n')}
`;
}

function flow(value: unknown): string {
  return stringify(value, { collectionStyle: 'flow', lineWidth: 0, flowCollectionPadding: true }).trim();
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function wrap(text: string, width: number): string[] {
  return text.match(new RegExp(`\\S.{0,${width - 1}}(?= |$)`, 'g')) ?? [];
}
