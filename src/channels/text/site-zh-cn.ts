/** Simplified Chinese. */
import type { SiteWords } from './site-words.ts';

export const siteZhCN: SiteWords = {
  troubles: {
    PeerDown: (site) => `站点 ${site} 无应答`,
    PeerRoadBroken: (site, from) => `站点 ${from} 与 ${site} 之间的网络中断`,
    PeerNotReady: (site) => `站点 ${site} 无法正常工作`,
    PeerClockOff: (site, from) => `站点 ${from} 与 ${site} 的时钟不一致`,
    SiteCutOff: (site) => `站点 ${site} 与其他站点断开`,
  },
  silent: (troubles, since) => `站点异常（自 ${since} 起）：${troubles.join('；')}`,
  back: (sites, at) => `站点恢复（${at}）：${sites.join('、')}`,
  silentSubject: (troubles) => `[站点异常] ${troubles.join('；')}`,
  backSubject: (sites) => `[站点恢复] ${sites.join('、')}`,
};
