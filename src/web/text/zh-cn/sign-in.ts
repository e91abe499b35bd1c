import type { Text } from '../en.ts';

export const signIn: Text['signIn'] = {
  title: '登录',
  lead: '让每一条告警都有人收到。',
  name: '用户名',
  password: '密码',
  token: 'API 令牌',
  withPassword: '登录',
  withToken: '用令牌登录',
  or: '或',
  useToken: '使用 API 令牌',
  usePassword: '使用用户名和密码',
  wrong: '不正确，请检查后重试。',
  firstRun: '首次使用？',
  firstRunHint:
    '首次启动时已生成管理员令牌，保存在服务数据目录的 admin-token 文件中；如果设置了 MM_ADMIN_TOKEN，则以它为准。',
  oidcErrors: {
    refused: '你在统一登录平台的账号在这里没有角色，请联系 Monitor Manager 管理员。',
    'name-taken': '这里已有同名用户，请让管理员把你的账号与其关联。',
    failed: '统一登录没有成功，请重试。',
  },
  ended: '登录已失效，重新登录后会回到刚才的页面。',
};
