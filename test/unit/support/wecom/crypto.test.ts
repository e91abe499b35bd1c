import { decrypt, encrypt, sign } from '../../../support/wecom/crypto.ts';

it('decrypts the published test vector', () => {
  const cipher = '6KmUQuPVu7UhjyVqRdbo5SfcRqaHvbUlKSHFvBV2ZuR6TIlKsygcfeSd1GDplg1C5KSKr6UPHCaC/nIX3ZNt9w==';
  expect(decrypt('4Ma3YBrSBbX2aez8MJpXGBne5LSDwgGqHbhM9WPYIws', cipher)).toEqual({
    message: '94966531020182955848408',
    receiveId: 'ww6a112864f8022910',
    pad: 3,
  });
});

const aesKey = 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C';
const message = '<xml><Event><![CDATA[template_card_event]]></Event></xml>';
const receiveId = 'wwcorp0000000001';

it('encrypts and signs to known bytes', () => {
  const encrypted = encrypt({ aesKey, message, receiveId, random: Buffer.from('0123456789abcdef') });
  expect(encrypted).toBe(
    'sKqRbbiSUnDhFHOvPjtUMRaC1jud9XKQi4jPrNGQF6NuMYGcVS1j7ydc6MhXPmq3B9B5mrIBthNYa9/Xag9jeBj2rtP6AOCZ/8KVZV/LFC9emtFejq9IONEilpzaSiel',
  );
  expect(sign('tok', '1700000000', 'nonce1', encrypted)).toBe('948df86c5f94ba67f904c7f67c448dd27f814ffc');
});

it('gives back what it encrypted, for every length of the padding', () => {
  for (let length = 0; length < 40; length++) {
    const text = '满'.repeat(length);
    expect(decrypt(aesKey, encrypt({ aesKey, message: text, receiveId }))).toMatchObject({ message: text, receiveId });
  }
});
