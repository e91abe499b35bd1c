export const matchers = {
  form: 'How the matchers are edited',
  rows: 'Rows',
  text: 'Text',
  textHint: 'One in each line, as in Alertmanager: team="db" or severity=~"critical|warning"',
  inLine: (n: number, what: string) => `Line ${n}: ${what}`,
  noRows: (n: number) => `Line ${n} cannot be shown as rows, so all of it stays text.`,
};
