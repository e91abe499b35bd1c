import type { Text } from '../en.ts';

export const testSend: Text['testSend'] = {
  title: '测试消息',
  toMe: '给我发测试消息',
  toGroup: (name) => `发给 ${name} 的所有人`,
  toOne: (name) => `给 ${name} 发测试消息`,
  ask: (name) => `给 ${name} 的所有人发送测试消息？`,
  askHint: '会立即发给该告警组（以已保存的内容为准，不含未保存的修改）的每位成员和每个群。',
  send: '发送',
  results: '发送结果',
  accepted: '对方已接收',
  refused: '未送达',
  kept: '留在发件箱',
  keptHint: '服务端没有配置该渠道，消息没有送达任何人。',
  noContact: (name) =>
    `你以 ${name} 的身份登录，但没有同名联系人。新建一个名为 ${name} 的联系人并填写地址，就能给自己发测试消息。`,
  noAddress: '没有人会收到：所有渠道都没有地址。',
};
