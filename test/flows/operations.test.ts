/** What operators ask while something is wrong. */
import { vi } from 'vitest';
import { startService } from '../support/service.ts';

it('tells its counters, and that the database is away, while it is', async () => {
  await using s = await startService();
  const scrape = async () => {
    const answer = await fetch(`${s.url}/metrics`);
    return { status: answer.status, text: await answer.text() };
  };
  expect((await scrape()).text).toContain('monitor_manager_database_up 1');
  const away = vi.spyOn(s.service.db, 'query').mockRejectedValue(new Error('the database is away'));
  const { status, text } = await scrape();
  expect(status).toBe(200);
  expect(text).toContain('monitor_manager_database_up 0');
  expect(text).toContain('monitor_manager_webhook_requests_total{code="503"} 0');
  expect((await fetch(`${s.url}/-/ready`)).status).toBe(503);
  expect((await fetch(`${s.url}/-/healthy`)).status).toBe(200);
  away.mockRestore();
});
