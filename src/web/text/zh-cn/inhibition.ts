import type { Text } from '../en.ts';

export const inhibition: Text['inhibition'] = {
  title: '抑制规则',
  lead: '某个告警触发期间，由它引起的其他告警不再通知。看门狗告警不会被抑制。',
  none: '还没有抑制规则',
  noneHint: '例如：节点宕机期间，不再通知该节点上各服务的警告。',
  add: '新建抑制规则',
  name: '名称',
  what: '规则内容',
  source: '以下告警触发期间',
  target: '不通知这些告警',
  equal: '要求双方相同的标签',
  equalHint: '标签名。双方都没有该标签也算相同；不填则不作要求。',
  anything: '不作要求',
  removeHint: '删除后，正被它抑制的告警会开始通知。',
};
