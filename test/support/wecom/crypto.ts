/**
 * Encryption of WeCom callbacks, the platform's side of it (developer.work.weixin.qq.com/document/path/90930):
 * AES-256-CBC, IV = first 16 bytes of the key, PKCS#7 padding to 32 bytes, sha1 signature over sorted strings.
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

const blockBytes = 32;

/** Encrypts as the platform does. `random` (16 bytes) is only given to reproduce test vectors. */
export function encrypt(facts: { aesKey: string; message: string; receiveId: string; random?: Buffer }): string {
  const { aesKey, message, receiveId, random = randomBytes(16) } = facts;
  const text = Buffer.from(message);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  const plain = Buffer.concat([random, length, text, Buffer.from(receiveId)]);
  const pad = blockBytes - (plain.length % blockBytes);
  const { key, iv } = keyAndIv(aesKey);
  const cipher = createCipheriv('aes-256-cbc', key, iv).setAutoPadding(false);
  return Buffer.concat([cipher.update(plain), cipher.update(Buffer.alloc(pad, pad)), cipher.final()]).toString(
    'base64',
  );
}

/** Decrypts and splits. @throws Error when the padding or the length is impossible. */
export function decrypt(aesKey: string, encrypted: string): { message: string; receiveId: string; pad: number } {
  const { key, iv } = keyAndIv(aesKey);
  const decipher = createDecipheriv('aes-256-cbc', key, iv).setAutoPadding(false);
  const plain = Buffer.concat([decipher.update(encrypted, 'base64'), decipher.final()]);
  const pad = plain.at(-1) ?? 0;
  if (pad < 1 || pad > blockBytes) throw new Error(`impossible padding ${pad}`);
  const content = plain.subarray(0, plain.length - pad);
  const end = 20 + content.readUInt32BE(16);
  if (end > content.length) throw new Error('impossible message length');
  return { message: content.toString('utf8', 20, end), receiveId: content.toString('utf8', end), pad };
}

/** Lower-case hex sha1 of the sorted, joined strings. */
export function sign(token: string, timestamp: string, nonce: string, encrypted: string): string {
  return createHash('sha1').update([token, timestamp, nonce, encrypted].sort().join('')).digest('hex');
}

function keyAndIv(aesKey: string): { key: Buffer; iv: Buffer } {
  const key = Buffer.from(`${aesKey}=`, 'base64');
  return { key, iv: key.subarray(0, 16) };
}
