/** How a metric of the service is made: its name begins with `monitor_manager_`. */
import { Counter, Gauge, type Registry } from 'prom-client';

/** What the name of each metric begins with. */
export const prefix = 'monitor_manager_';

/** Makes a counter; `name` without the prefix. */
export function counter<L extends string>(registry: Registry, name: string, help: string, labelNames: readonly L[]) {
  return new Counter<L>({ name: prefix + name, help, labelNames, registers: [registry] });
}

/** Makes a gauge; `name` without the prefix. */
export function gauge<L extends string>(registry: Registry, name: string, help: string, labelNames: readonly L[]) {
  return new Gauge<L>({ name: prefix + name, help, labelNames, registers: [registry] });
}
