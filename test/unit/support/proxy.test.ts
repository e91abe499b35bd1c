import { once } from 'node:events';
import type { AddressInfo, Server, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import type { TcpProxy } from '../../support/proxy.ts';
import { startProxy } from '../../support/proxy.ts';
import { eventually } from '../../support/wait.ts';

let echo: Server;
let proxy: TcpProxy;
const open = new Set<Socket>();

beforeEach(async () => {
  echo = createServer((socket) => {
    socket.on('error', () => {});
    socket.pipe(socket);
  });
  await once(echo.listen(0, '127.0.0.1'), 'listening');
  proxy = await startProxy({ target: `127.0.0.1:${(echo.address() as AddressInfo).port}` });
});
afterEach(async () => {
  for (const socket of open) socket.destroy();
  open.clear();
  await proxy.stop();
  await new Promise((resolve) => echo.close(resolve));
});

async function client(): Promise<Socket & { got: string; failure?: string }> {
  const socket = Object.assign(connect(proxy.port, proxy.host), { got: '' }) as Socket & {
    got: string;
    failure?: string;
  };
  open.add(socket);
  socket.on('data', (data) => {
    socket.got += data.toString();
  });
  socket.on('error', (error: NodeJS.ErrnoException) => {
    socket.failure = error.code ?? error.message;
  });
  await Promise.race([once(socket, 'connect'), once(socket, 'close')]).catch(() => {});
  return socket;
}

it('passes bytes both ways', async () => {
  const socket = await client();
  socket.write('hello');
  await eventually(() => socket.got === 'hello');
  expect(proxy.connections).toBe(1);
});

it('puts its own address into a URL', () => {
  expect(proxy.urlOf('postgres://postgres@127.0.0.1:5432/mm')).toBe(`postgres://postgres@127.0.0.1:${proxy.port}/mm`);
});

it('holds bytes back for the given delay', async () => {
  const socket = await client();
  proxy.delay(80);
  const begin = performance.now();
  socket.write('slow');
  await eventually(() => socket.got === 'slow');
  expect(performance.now() - begin).toBeGreaterThanOrEqual(155);
});

it('resets old and new connections while it is cut, and works again when it is healed', async () => {
  const before = await client();
  proxy.cut();
  const during = await client();
  await eventually(() => before.failure === 'ECONNRESET' && during.failure === 'ECONNRESET');
  proxy.heal();
  const after = await client();
  after.write('back');
  await eventually(() => after.got === 'back');
});

it('swallows everything as a black hole and resets those connections when it is healed', async () => {
  const socket = await client();
  proxy.blackhole();
  socket.write('lost');
  const late = await client();
  late.write('lost too');
  // A client is connected before the proxy has accepted it.
  await eventually(() => proxy.connections === 2);
  proxy.heal();
  await eventually(() => socket.failure === 'ECONNRESET' && late.failure === 'ECONNRESET');
  expect(socket.got + late.got).toBe('');
});

it('cuts once after so many bytes of answer', async () => {
  const socket = await client();
  proxy.cutAfterResponseBytes(4);
  socket.write('abcdefgh');
  await eventually(() => socket.failure === 'ECONNRESET' || socket.destroyed);
  expect('abcd'.startsWith(socket.got)).toBe(true);
  const next = await client();
  next.write('abcdefgh');
  await eventually(() => next.got === 'abcdefgh');
});
