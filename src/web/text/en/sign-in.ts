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
  ended: 'You have been signed out. Sign in again to go on where you were.',
};
