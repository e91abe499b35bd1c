/** Something that waits for a time. */
interface Waiting<T> {
  at: number;
  /** Of two for the same time, the one that came first is first. */
  order: number;
  what: T;
}

/** What waits for its time, the earliest first. */
export interface TimeQueue<T> {
  /** The earliest time, in milliseconds since 1970; infinite when nothing waits. */
  next(): number;
  add(at: number, what: T): void;
  /** Takes the earliest. @throws Error when nothing waits */
  take(): T;
}

/** A binary heap. */
export function createTimeQueue<T>(): TimeQueue<T> {
  const heap: Waiting<T>[] = [];
  let order = 0;

  function rise(item: Waiting<T>): void {
    let at = heap.length;
    heap.push(item);
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = heap[above] as Waiting<T>;
      if (isBefore(parent, item)) break;
      heap[at] = parent;
      at = above;
    }
    heap[at] = item;
  }

  function sink(item: Waiting<T>): void {
    let at = 0;
    for (let child = 1; child < heap.length; child = 2 * at + 1) {
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Waiting<T>, heap[child] as Waiting<T>)) child++;
      const below = heap[child] as Waiting<T>;
      if (isBefore(item, below)) break;
      heap[at] = below;
      at = child;
    }
    heap[at] = item;
  }

  return {
    next: () => heap[0]?.at ?? Number.POSITIVE_INFINITY,
    add(at, what) {
      order += 1;
      rise({ at, order, what });
    },
    take() {
      const [first] = heap;
      const last = heap.pop();
      if (first === undefined || last === undefined) throw new Error('nothing waits');
      if (heap.length > 0) sink(last);
      return first.what;
    },
  };
}

function isBefore<T>(a: Waiting<T>, b: Waiting<T>): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
