/** What the strip of a heartbeat says in words. */
import { piecesOf, toldOf } from '../../../src/web/pages/heartbeats/strip-pieces.ts';

const time = (text: string) => Date.parse(`2026-11-25T${text}Z`);
const from = (text: string) => new Date(time(text)).toISOString();

describe('the pieces of a strip', () => {
  it('end where the next one begins, the last one now', () => {
    const day = [
      { from: from('08:00'), state: 'ok' as const },
      { from: from('09:00'), state: 'lost' as const },
    ];
    expect(piecesOf(day, time('09:30'))).toEqual([
      { from: time('08:00'), to: time('09:00'), state: 'ok' },
      { from: time('09:00'), to: time('09:30'), state: 'lost' },
    ]);
  });

  it('that are not good are added up, the worst first', () => {
    const day = (['late', 'ok', 'lost', 'ok', 'late'] as const).map((state, i) => ({ from: from(`0${i}:00`), state }));
    expect(toldOf(piecesOf(day, time('04:10')))).toEqual([
      { state: 'lost', ms: 3_600_000 },
      { state: 'late', ms: 4_200_000 },
    ]);
  });

  it('of a day that was good say nothing', () => {
    expect(toldOf(piecesOf([{ from: from('00:00'), state: 'ok' }], time('09:00')))).toEqual([]);
  });
});
