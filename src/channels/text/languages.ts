/** Which language a contact reads. */
import { en } from './en.ts';
import type { Words } from './words.ts';
import { zhCN } from './zh-cn.ts';

/** The table of a contact's locale: Chinese for `zh` in any form, English for everything else. */
export function wordsOf(locale: string): Words {
  return /^zh\b/i.test(locale) ? zhCN : en;
}
