/** What happened to an alert, in order, each step with its reason. */
import { useQuery } from '@tanstack/react-query';
import { explainQuery } from '../../client/alerts.ts';
import { Read } from '../../parts/read.tsx';
import { Steps } from '../../parts/steps.tsx';

export function Story({ fingerprint }: { fingerprint: string }) {
  const query = useQuery(explainQuery(fingerprint));
  return <Read query={query}>{({ steps, truncated }) => <Steps steps={steps} truncated={truncated} />}</Read>;
}
