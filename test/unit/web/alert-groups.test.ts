/** The pure parts of the pages of alert groups. */
import fc from 'fast-check';
import { renderMail } from '../../../src/channels/email/render.ts';
import { withoutInlineStyles } from '../../../src/web/pages/alert-group/mail-source.ts';
import { moved, onlyMoved } from '../../../src/web/pages/alert-groups/moves.ts';
import { everyKind, messageOf, partOf, replica } from '../channels/samples.ts';

describe('moving names', () => {
  const names = ['a', 'b', 'c', 'd'];

  it.each([
    [0, 2, 'b c a d'],
    [3, 0, 'd a b c'],
    [1, 1, 'a b c d'],
  ])('from %i to %i', (from, to, then) => {
    expect(moved(names, from, to).join(' ')).toBe(then);
  });

  it('finds the one that was moved, the preferred one of two', () => {
    const place = fc.integer({ min: 0, max: 3 });
    fc.assert(
      fc.property(place, place, (from, to) => {
        const name = names[from] ?? '';
        expect(onlyMoved(names, moved(names, from, to), name)).toBe(from === to ? null : name);
      }),
    );
    expect(onlyMoved(names, ['b', 'a', 'c', 'd'], null)).toBe('b');
  });

  it('finds none when more than one was moved', () => {
    expect(onlyMoved(names, ['d', 'c', 'b', 'a'], 'd')).toBeNull();
  });
});

describe('a mail in a frame of the page', () => {
  const evil = `"><style>*{color:red}</style><b style="color:red" onclick='x'>`;
  const hostile = [partOf({ group: evil, fresh: [replica(1, { annotations: { summary: evil } })] })];

  it.each(Object.entries({ ...everyKind(), hostile }))(
    'has no style attribute, and else all that it had: %s',
    (_, parts) => {
      const html = String(renderMail(messageOf(parts), 'MM <mm@example.org>')['html']);
      const framed = withoutInlineStyles(html, 'the-nonce');
      expect(html).toContain(' style="');
      expect(framed).not.toMatch(/<[^>]* style=/);
      const text = (source: string) => source.replace(/<head>.*<\/head>/s, '').replace(/<[^>]*>/g, ' ');
      expect(text(framed)).toBe(text(html));
      expect(framed.match(/<style/g)).toHaveLength(2);
      expect(framed.match(/<style nonce="the-nonce">/g)).toHaveLength(2);
    },
  );
});
