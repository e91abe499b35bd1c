/** The one check that every error path of every channel goes through: a DeliveryError without a secret in it. */
import { inspect } from 'node:util';
import { DeliveryError } from '../../../src/channels/channel.ts';

/** The forms in which a secret would give itself away. */
const formsOf = (secret: string) => [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')];

/** Fails when any of `secrets` is anywhere in `value`, its causes and its stack included. */
export function expectNoSecrets(value: unknown, secrets: readonly string[]): void {
  const shown = `${inspect(value, { depth: 10, showHidden: true })} ${JSON.stringify(value)} ${String(value)}`;
  for (const form of secrets.flatMap(formsOf)) expect(shown).not.toContain(form);
}

/** Waits for a send to fail, and returns how. */
export async function failureOf(send: Promise<unknown>, secrets: readonly string[]): Promise<DeliveryError> {
  const error = await send.then(
    (answer) => expect.unreachable(`it was accepted: ${inspect(answer)}`),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DeliveryError);
  expectNoSecrets(error, secrets);
  return error as DeliveryError;
}
