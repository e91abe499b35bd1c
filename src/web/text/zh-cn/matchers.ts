import type { Text } from '../en.ts';

export const matchers: Text['matchers'] = {
  form: '匹配条件的编辑方式',
  rows: '逐条',
  text: '文本',
  textHint: '每行一条，写法与 Alertmanager 相同，例如 team="db" 或 severity=~"critical|warning"',
  inLine: (n, what) => `第 ${n} 行：${what}`,
  noRows: (n) => `第 ${n} 行无法逐条显示，因此保持文本形式。`,
};
