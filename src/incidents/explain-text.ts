/** Words the steps of *explain*: one sentence a step, for people. */
import { en } from './explain-en.ts';
import type { StepFacts } from './explain-words.ts';
import { zh } from './explain-zh.ts';

/** Names are set off from Chinese text by spaces, except beside its punctuation. */
const spaceAtPunctuation = / +(?=[，。；：（）“])|(?<=[，。；：（）”]) +/g;

/** The sentence of a step in English and in Chinese. */
export function stepText(step: StepFacts): { text: string; text_zh: string } {
  return { text: en[step.reason](step), text_zh: zh[step.reason](step).replace(spaceAtPunctuation, '') };
}
