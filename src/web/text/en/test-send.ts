export const testSend = {
  title: 'Test message',
  toMe: 'Send me a test message',
  toGroup: (name: string) => `Send one to everybody in ${name}`,
  toOne: (name: string) => `Send a test message to ${name}`,
  ask: (name: string) => `Send a test message to everybody in ${name}?`,
  askHint: 'It goes out at once to every member and room of the alert group as it is saved, not as it is typed here.',
  send: 'Send',
  results: 'What came of it',
  accepted: 'Accepted',
  refused: 'Not delivered',
  kept: 'Kept in the outbox',
  keptHint: 'This channel is not configured on the server, so the message reached nobody.',
  noContact: (name: string) =>
    `You are signed in as ${name}, and no contact has this name. Make a contact called ${name} with your address, and you can send a test to yourself.`,
  noAddress: 'It reaches nobody: there is no address on any of the channels.',
};
