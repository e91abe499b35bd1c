/** A label set as people write it, by name: `{alertname="DiskFull", instance="db1"}`. */
export function labelText(set: Readonly<Record<string, string>>): string {
  return `{${Object.entries(set)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(', ')}}`;
}
