import type { Text } from '../en.ts';

export const account: Text['account'] = {
  title: '我的账号',
  lead: '你在这里的身份和登录有效期。',
  me: '身份',
  name: '用户名',
  displayName: '显示名称',
  role: '角色',
  signedIn: '登录方式',
  ways: {
    user: '用户账号',
    token: 'API 令牌',
    settings: '配置中的管理员令牌',
  },
  until: '最晚有效至',
  untilHint: '12 小时不使用会提前失效。',
  password: '修改密码',
  passwordHint: '此处保持登录，其他设备上的登录会失效。',
  current: '当前密码',
  currentBad: '当前密码不正确。',
  next: '新密码',
  nextHint: '至少 12 个字符。',
  again: '再次输入新密码',
  againBad: '两次输入的密码不一致。',
  change: '修改密码',
  changed: '密码已修改',
  noPassword: {
    user: '你在这里没有密码：你通过身份提供方登录，密码由它保管。',
    token: '你是用 API 令牌登录的，令牌没有密码。请让管理员为你新建用户。',
    settings: '管理员令牌没有密码。请为自己新建用户，令牌留作应急。',
  },
};
