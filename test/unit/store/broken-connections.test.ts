import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { openPostgres } from '../../../src/store/postgres.ts';

/** A message of the server (https://www.postgresql.org/docs/18/protocol-message-formats.html). */
function message(type: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type), length, body]);
}

const authenticated = message('R', Buffer.alloc(4));
const readyForQuery = message('Z', Buffer.from('I'));
const goingDown = message(
  'E',
  Buffer.from('SFATAL\0VFATAL\0C57P01\0Mterminating connection due to administrator command\0\0'),
);

/** A server that takes a session and ends it in the same breath, as one does that is stopped at that moment. */
function startGoingDown(): Server {
  return createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(Buffer.concat([authenticated, readyForQuery, goingDown])));
  });
}

describe('a connection that the server ends in the moment in which it is made', () => {
  it('fails the query that wanted it, and nothing else', async () => {
    await using server = startGoingDown().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const db = openPostgres({ url: `postgres://nobody@127.0.0.1:${port}/any`, applicationName: 'test' });
    await expect(db.query('select 1')).rejects.toThrow(/terminat|not queryable/);
    await expect(db.planned.query('select 1')).rejects.toThrow(/terminat|not queryable/);
    await expect(db.pool.query('select 1')).rejects.toThrow(/terminat|not queryable/);
    await db.close();
  });
});
