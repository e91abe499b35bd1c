/** Reads server-sent events with fetch: unlike EventSource it sees the status of the answer and the heartbeat comments. */

export interface ServerEvent {
  id: string | null;
  event: string;
  data: string;
}

/** Splits the text of a stream into events. Pure but for its memory of an unfinished line. */
export function createEventParser(onEvent: (event: ServerEvent) => void): (chunk: string) => void {
  let rest = '';
  let [event, data, id]: [string, string[], string | null] = ['message', [], null];
  const take = (line: string) => {
    if (line === '') {
      if (data.length > 0) onEvent({ id, event, data: data.join('\n') });
      [event, data] = ['message', []];
      return;
    }
    const [, field = '', value = ''] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
    if (field === 'event') event = value;
    if (field === 'data') data.push(value);
    if (field === 'id') id = value;
  };
  return (chunk) => {
    const lines = (rest + chunk).split(/\r\n|\n|\r/);
    rest = lines.pop() ?? '';
    lines.forEach(take);
  };
}
