import { request } from './request.ts';
import type { TestResult } from './types.ts';

/** For whom a test message is; `me` is the contact that has the name of whoever is signed in. */
export type TestTarget = { contact: string } | { robot: string } | { alert_group: string } | { me: true };

/** Sends a test message at once. @throws ApiError 400: there is nobody whom it would reach */
export async function sendTest(target: TestTarget): Promise<TestResult[]> {
  const { results } = await request<{ results: TestResult[] }>('POST', 'api/v1/notifications/test', { body: target });
  return results;
}
