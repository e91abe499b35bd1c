/** English. */
import type { SiteWords } from './site-words.ts';

export const siteEn: SiteWords = {
  troubles: {
    PeerDown: (site) => `${site} does not answer`,
    PeerRoadBroken: (site, from) => `the road between ${from} and ${site} is broken`,
    PeerNotReady: (site) => `${site} cannot do its work`,
    PeerClockOff: (site, from) => `the clocks of ${from} and ${site} differ`,
    SiteCutOff: (site) => `${site} is cut off from the other sites`,
  },
  silent: (troubles, since) => `SITE TROUBLE since ${since}: ${troubles.join('; ')}`,
  back: (sites, at) => `SITE IS WELL AGAIN at ${at}: ${sites.join(', ')}`,
  silentSubject: (troubles) => `[SITE TROUBLE] ${troubles.join('; ')}`,
  backSubject: (sites) => `[SITE WELL AGAIN] ${sites.join(', ')}`,
};
