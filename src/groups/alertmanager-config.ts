/** What an Alertmanager needs in its configuration to post here. Pure. */

/** Where it posts, and as whom. */
export interface Receiver {
  /** Address of the webhook. */
  url: string;
  /** The token, or what stands for it. */
  token: string;
}

/** The lines of the receiver itself, to go under `receivers`. */
export function receiverLines({ url, token }: Receiver): string[] {
  return [
    'webhook_configs:',
    `  - url: ${url}`,
    '    send_resolved: true',
    `    http_config: { authorization: { credentials: ${token} } }`,
  ];
}

/** The route and the receiver, ready to be pasted: what the other routes do stays as it is, because of `continue`. */
export function alertmanagerConfig(receiver: Receiver, comments: readonly string[] = []): string {
  const indented = (by: number, lines: readonly string[]) => lines.map((line) => `${' '.repeat(by)}${line}`);
  return `${[
    ...comments.map((comment) => `# ${comment}`),
    'route:',
    '  # First among the routes: everything is sent here, and goes on to the routes that were there before.',
    '  routes:',
    '    - receiver: monitor-manager',
    '      continue: true',
    '',
    'receivers:',
    '  - name: monitor-manager',
    ...indented(4, receiverLines(receiver)),
  ].join('\n')}\n`;
}
