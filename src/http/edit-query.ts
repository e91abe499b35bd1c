/** What every edit may say beside what it changes. */
import { z } from 'zod';

/** The query of every edit. */
export const editQuery = z.strictObject({
  comment: z
    .string()
    .trim()
    .max(1000)
    .optional()
    .describe('Why; kept with the version that the edit makes, or in the audit log'),
});
