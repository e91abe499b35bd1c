export const signIn = {
  title: 'Sign in',
  lead: 'Alerts that reach somebody.',
  name: 'Name',
  password: 'Password',
  token: 'API token',
  withPassword: 'Sign in',
  withToken: 'Sign in with the token',
  or: 'or',
  useToken: 'Use an API token',
  usePassword: 'Use name and password',
  wrong: 'That is not right. Check it and try again.',
  firstRun: 'First start?',
  firstRunHint:
    'The admin token was made at the first start. It lies in the data directory of the service, in the file admin-token; if MM_ADMIN_TOKEN is set, that is the token.',
  oidcErrors: {
    refused: 'Your account at the identity provider has no role here. Ask an admin of Monitor Manager.',
    'name-taken': 'Another user here already has your name. An admin can link your account to that user.',
    failed: 'Signing in at the identity provider did not work. Try again.',
  } as Record<string, string>,
  ended: 'You have been signed out. Sign in again to go on where you were.',
};
