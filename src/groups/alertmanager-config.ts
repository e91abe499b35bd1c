/** What an Alertmanager needs in its configuration to post here. Pure. */

/** Where it posts, and as whom. */
export interface Receiver {
  /** Address of the webhook. */
  url: string;
  /** The token, or what stands for it. */
  token: string;
}

const heartbeats = `'alertname=~"Watchdog|DeadMansSwitch"'`;
const others = `'alertname!~"Watchdog|DeadMansSwitch"'`;

/**
 * The receiver and the routes, ready to be pasted: a whole alertmanager.yml for whoever has none. What the other routes
 * of an existing one do stays as it is, because of `continue`. That does not help the receiver of the root, which gets
 * what no route takes: it needs a route too, the last.
 * @param comments come first
 */
export function alertmanagerConfig({ url, token }: Receiver, comments: readonly string[] = []): string {
  return `${comments.map((comment) => `# ${comment}\n`).join('')}receivers:
  - name: monitor-manager
    webhook_configs:
      - url: ${url}
        send_resolved: true
        http_config: { authorization: { credentials: ${token} } }

route:
  receiver: monitor-manager    # or the one that you have: see the last route
  routes:                      # these two before your own, which get what they did
    # What always fires is a heartbeat. Its loss is noticed soon when it beats once a minute.
    - matchers: [${heartbeats}]
      receiver: monitor-manager
      continue: true
      group_by: ['...']        # each Prometheus is a heartbeat of its own
      group_wait: 0s
      group_interval: 1m
      repeat_interval: 50s     # rounded up to group_interval
    # Everything else. Monitor Manager gathers and repeats by its own policy.
    - matchers: [${others}]
      receiver: monitor-manager
      continue: true
      group_by: [alertname, cluster]
      group_wait: 5s
      group_interval: 1m       # it hears soon of what begins and ends
      repeat_interval: 30m     # and that what fires is still reported
    # Your own routes come here. Your root receiver gets only what no route takes: nothing, unless it is the last route
    # too. There it gets what it got before, and what your own routes with continue: true take.
    # - receiver: team-mail    # last: what your root receiver got before
`;
}
