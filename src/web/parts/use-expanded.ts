import { useState } from 'react';

/** Which cards of a list are open, by their ids. */
export function useExpanded(): [ReadonlySet<string>, (card: { id: string }) => void] {
  const [expanded, setExpanded] = useState<ReadonlySet<string>>(new Set());
  const toggle = ({ id }: { id: string }) =>
    setExpanded((before) => {
      const after = new Set(before);
      if (!after.delete(id)) after.add(id);
      return after;
    });
  return [expanded, toggle];
}
