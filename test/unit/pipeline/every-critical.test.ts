import { parseMatchers } from '../../../src/matcher/parse.ts';
import { hidesEveryCritical } from '../../../src/pipeline/preview/every-critical.ts';

const matchers = (text: string) => parseMatchers(text).matchers;
const hides = (silence: string, critical = 'severity="critical"') =>
  hidesEveryCritical([matchers(silence)], matchers(critical));

describe('a silence hides every critical alert that can fire', () => {
  it.each([
    'severity="critical"',
    'severity=~"critical|warning"',
    'severity!="info"',
    'alertname=~".+"',
    'alertname=~".+",team!="web"',
    'severity="critical",instance=~".*"',
  ])('when it says %s', (silence) => expect(hides(silence)).toBe(true));

  it.each([
    'severity="warning"',
    'alertname="DiskFull"',
    'severity="critical",team="db"',
    'alertname=~"Disk.+"',
    'team=~".+"',
  ])('but not when it says %s', (silence) => expect(hides(silence)).toBe(false));

  it('by what the settings call critical', () => {
    expect(hides('severity="page"', 'severity=~"page|critical"')).toBe(false);
    expect(hides('severity=~"page|critical"', 'severity=~"page|critical"')).toBe(true);
    expect(hides('tier="1"', 'severity="critical",tier="1"')).toBe(true);
  });
});
