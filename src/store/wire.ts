/**
 * The few pieces of PostgreSQL's wire protocol, version 3, that sharing one PGlite between clients needs
 * (https://www.postgresql.org/docs/18/protocol-message-formats.html). A message is one type byte, four bytes of length that
 * count themselves, and a body; only the client's first message has no type byte.
 */

/** One whole message; `bytes` includes type and length. */
export interface Message {
  readonly type: string;
  readonly bytes: Buffer;
}

/** AuthenticationOk, then ReadyForQuery outside a transaction. */
export const STARTUP_ANSWER: Buffer = Buffer.concat([
  message('R', Buffer.from([0, 0, 0, 0])),
  message('Z', Buffer.from('I')),
]);

/** The simple query message for this SQL. */
export function queryMessage(sql: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(message('Q', Buffer.from(`${sql}\0`)));
}

/** An ErrorResponse of severity FATAL: the client takes its session for lost. */
export function fatalError(code: string, text: string): Buffer {
  return message('E', Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${text}\0\0`));
}

/** The length of the start-up message at the beginning of `bytes`, 0 while it is incomplete. */
export function readStartup(bytes: Buffer): number {
  const length = bytes.length < 4 ? 0 : bytes.readInt32BE(0);
  return length <= bytes.length ? length : 0;
}

/** The whole messages at the beginning of `bytes`, and how many bytes they take. */
export function readMessages(bytes: Buffer): { messages: Message[]; length: number } {
  const messages: Message[] = [];
  let offset = 0;
  while (bytes.length - offset >= 5) {
    const end = offset + 1 + bytes.readInt32BE(offset + 1);
    if (end > bytes.length) break;
    messages.push({ type: String.fromCharCode(bytes[offset]!), bytes: bytes.subarray(offset, end) });
    offset = end;
  }
  return { messages, length: offset };
}

const NOTIFICATION = 'A'.charCodeAt(0);
const READY_FOR_QUERY = 'Z'.charCodeAt(0);

/**
 * Takes a backend's answer apart: its notifications, everything else, and the transaction status that it ends with
 * ('I' idle, 'T' in a transaction, 'E' in a failed one).
 */
export function splitAnswer(answer: Uint8Array): { rest: Buffer; notifications: Buffer[]; status: string } {
  const bytes = Buffer.from(answer.buffer, answer.byteOffset, answer.byteLength);
  const notifications: Buffer[] = [];
  const others: Buffer[] = [];
  let status = 'I';
  let from = 0;
  for (let offset = 0; offset < bytes.length; ) {
    const end = offset + 1 + bytes.readInt32BE(offset + 1);
    if (bytes[offset] === READY_FOR_QUERY) status = String.fromCharCode(bytes[offset + 5]!);
    if (bytes[offset] === NOTIFICATION) {
      others.push(bytes.subarray(from, offset));
      notifications.push(bytes.subarray(offset, end));
      from = end;
    }
    offset = end;
  }
  return { rest: Buffer.concat([...others, bytes.subarray(from)]), notifications, status };
}

function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}
