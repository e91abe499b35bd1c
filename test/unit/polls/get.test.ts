import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isForbidden } from '../../../src/forbidden-address.ts';
import { type Asking, get } from '../../../src/polls/get.ts';

const asking: Asking = {
  authorization: 'Bearer t',
  timeoutMs: 300,
  maxBytes: 100,
  stopped: new AbortController().signal,
};

describe('what is asked', () => {
  it.each([
    '169.254.169.254',
    '::ffff:169.254.169.254',
    'fe80::1',
    'fd00:ec2::254',
    '100.100.100.200',
    '0.0.0.0',
    '::',
    '224.0.0.1',
  ])('is never %s', async (address) => {
    expect(isForbidden(address)).toBe(true);
    const host = address.includes(':') ? `[${address}]` : address;
    await expect(get(`http://${host}/`, asking)).rejects.toThrow('an address that is never asked');
  });

  it.each(['127.0.0.1', '::1', '10.0.0.1', '192.168.1.1', 'fd12::1', 'am.example.org'])('may be %s', (address) => {
    expect(isForbidden(address)).toBe(false);
  });

  it('is bounded: no redirect is followed, no answer is longer or later than it may be', async () => {
    const asked: string[] = [];
    const server = createServer((req, res) => {
      asked.push(`${req.url} ${req.headers.authorization}`);
      if (req.url === '/good') res.end('good');
      if (req.url === '/moved') res.writeHead(302, { location: '/good' }).end();
      if (req.url === '/large') res.end('x'.repeat(101));
      if (req.url === '/refused') res.writeHead(401).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const ask = (path: string) => get(`http://localhost:${port}${path}`, asking);
    try {
      expect((await ask('/good')).body.toString()).toBe('good');
      await expect(ask('/moved')).rejects.toThrow('HTTP 302, a redirect, which is not followed');
      await expect(ask('/large')).rejects.toThrow('an answer of more than 100 bytes');
      await expect(ask('/refused')).rejects.toThrow('HTTP 401');
      await expect(ask('/silent')).rejects.toThrow('no answer within 0.3 s');
      expect(asked.every((one) => one.endsWith(' Bearer t'))).toBe(true);
    } finally {
      server.closeAllConnections();
      server.close();
    }
    await expect(ask('/good')).rejects.toThrow('no connection (ECONNREFUSED)');
  });
});
