/** What a Prometheus needs in its configuration to post here without an Alertmanager. Pure. */
import { stringify } from 'yaml';

/**
 * The lines of prometheus.yml, ready to be pasted.
 * @param externalUrl address of this service
 * @param token the token, or what stands for it
 * @param comments come first
 */
export function prometheusConfig(
  { externalUrl, token }: { externalUrl: string; token: string },
  comments: readonly string[] = [],
): string {
  const { protocol, host, pathname } = new URL(externalUrl);
  const path = pathname.replace(/\/+$/, '');
  const scheme = protocol === 'https:' ? '      scheme: https\n' : '';
  const prefix = path === '' ? '' : `      path_prefix: ${stringify(path)}`;
  return `${comments.map((comment) => `# ${comment}\n`).join('')}alerting:
  alertmanagers:
    - api_version: v2
${scheme}${prefix}      authorization: { credentials: ${token} }
      static_configs:
        - targets: ['${host}']
`;
}
