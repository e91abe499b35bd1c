/**
 * What a person can do about a failure, in Chinese. Rows and logs keep the English sentence, which is also how it is
 * found here, so that a row from before needs no new form.
 */
const chinese: Readonly<Record<string, string>> = {
  'Nothing to do: it is sent again after a pause.': '无需处理：稍后会自动重发。',
  'The application secret is wrong, was reset, or the application is disabled: copy the secret again from the WeCom admin console.':
    '应用 Secret 不正确、已被重置，或应用已停用：请在企业微信管理后台重新复制 Secret。',
  'The corp id is wrong: copy it from "My company" in the WeCom admin console.':
    '企业 ID 不正确：请在企业微信管理后台的“我的企业”中复制。',
  'The application secret is missing: set it.': '缺少应用 Secret：请在设置中填写。',
  'The access token was refused even after it had been renewed: check that no other system resets the application secret.':
    'access_token 刷新后仍被拒绝：请检查是否有其他系统重置了应用 Secret。',
  'The agent id does not belong to the application whose secret is set: compare both in the WeCom admin console.':
    'AgentId 与 Secret 不属于同一个应用：请在企业微信管理后台核对。',
  "Add this service's address to the application's trusted IP list in the WeCom admin console; it takes effect after about a minute.":
    '请在企业微信管理后台，把本服务的出口 IP 加入该应用的“企业可信IP”，约 1 分钟后生效。',
  'The application may not do this: check its status, permissions and visible range in the WeCom admin console.':
    '应用没有此项权限：请在企业微信管理后台检查应用的状态、权限和可见范围。',
  "Check the contact's WeCom userid, and that this person is in the application's visible range.":
    '请检查联系人的企业微信账号（userid），并确认此人在应用的可见范围内。',
  'WeCom refuses a word in this message: read it in the page, and change the wording of the alert.':
    '消息中有企业微信不允许的词语：请在页面中查看原文，并修改告警的措辞。',
  "The robot's key is wrong, or the robot was disabled or removed from the room: add it again and save the new key.":
    '机器人的 Key 不正确，或机器人已被停用、移出群聊：请重新添加机器人，并保存新的 Key。',
  'Add the robot again with its key, or take it out of the alert group.':
    '请用机器人的 Key 重新添加它，或将它从告警组中移除。',
  'The TLS certificate of the WeCom API address is not trusted: check the address and the proxy before it.':
    '企业微信 API 地址的 TLS 证书不受信任：请检查该地址及其前面的代理。',
  'This member has no WeCom licence: assign one in the WeCom admin console.':
    '此人没有企业微信许可：请在企业微信管理后台分配。',
  'The mail server refuses the user name or password: check them in the SMTP settings.':
    '邮件服务器拒绝了用户名或密码：请检查 SMTP 设置。',
  'The mail server refuses the sender address: check the from setting, and whether this user may send as it.':
    '邮件服务器拒绝了发件地址：请检查发件人设置，以及该用户是否有权以此地址发信。',
  'No trusted TLS connection to the mail server: check smtp:// or smtps://, the port and the certificate.':
    '无法与邮件服务器建立受信任的 TLS 连接：请检查 smtp:// 或 smtps://、端口和证书。',
  "The mail server does not accept this recipient: check the contact's e-mail address.":
    '邮件服务器不接受该收件人：请检查联系人的邮箱地址。',
  'The mail server refuses to send to this address: check whether it may relay for us.':
    '邮件服务器拒绝向该地址发信：请检查它是否允许为本服务转发邮件。',
  'No mail server answers at this address: check the host and the port of SMTP_URL, and whether a firewall is between.':
    '该地址没有邮件服务器应答：请检查 SMTP_URL 的主机和端口，以及中间是否有防火墙。',
  'The WeCom API does not answer: check the way there (DNS, proxy, firewall).':
    '企业微信 API 没有应答：请检查到它的网络（DNS、代理、防火墙）。',
  'Set SMTP_URL and MM_MAIL_FROM, and start the service again.': '请设置 SMTP_URL 和 MM_MAIL_FROM，并重启服务。',
  'Set MM_WECOM_CORP_ID, MM_WECOM_AGENT_ID and MM_WECOM_SECRET, and start the service again.':
    '请设置 MM_WECOM_CORP_ID、MM_WECOM_AGENT_ID 和 MM_WECOM_SECRET，并重启服务。',
  'The mail server does not talk to this machine: check its allow list and block lists, and the host and port.':
    '邮件服务器拒绝与本机通信：请检查它的允许名单、拦截名单，以及主机和端口。',
};

/** As `trustedAddress` in `wecom/errcodes.ts` says it. */
const trusted = /^Add the address (\S+) to the trusted IP list of the application(?: with the AgentId (\d+))?[ ,]/;

/** The same remedy in Chinese, null for one that is not known. Pure. */
export function remedyInChinese(english: string): string | null {
  const [, ip, agentId] = trusted.exec(english) ?? [];
  if (ip === undefined) return chinese[english] ?? null;
  const app = agentId === undefined ? '该应用' : `应用（AgentId ${agentId}）`;
  return `请在企业微信管理后台，把 IP 地址 ${ip} 加入${app}的“企业可信IP”，约 1 分钟后生效。`;
}
