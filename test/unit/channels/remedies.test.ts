import { mailError } from '../../../src/channels/email/errors.ts';
import { createOutboxChannel } from '../../../src/channels/outbox/channel.ts';
import { remedyInChinese } from '../../../src/channels/remedies.ts';
import { meaningOf, wecomError } from '../../../src/channels/wecom/errcodes.ts';

const chinese = /\p{Script=Han}/u;
const refusal = (responseCode: number, command: string, response = 'no') =>
  mailError(
    Object.assign(new Error(response), { code: 'EENVELOPE', responseCode, command, response }),
    { bodySent: false },
    [],
  );

describe('what a person can do about a failure', () => {
  it('is there in Chinese for every error code of WeCom that has a remedy', () => {
    const codes = Array.from({ length: 310_000 }, (_, code) => code);
    const remedies = new Set(codes.flatMap((code) => meaningOf(code).remedy ?? []));
    expect(remedies.size).toBeGreaterThan(8);
    expect([...remedies].filter((remedy) => !chinese.test(remedyInChinese(remedy) ?? ''))).toEqual([]);
  });

  it.each([
    ['a refused recipient', refusal(550, 'RCPT TO')],
    ['a refused sender', refusal(550, 'MAIL FROM')],
    ['a refused login', refusal(535, 'AUTH PLAIN')],
    ['a server that does not relay', refusal(550, 'RCPT TO', '550 5.7.1 relay denied')],
    ['a server that does not talk to us', refusal(554, 'CONN')],
    [
      'an address at which nothing answers',
      mailError(Object.assign(new Error('refused'), { code: 'ECONNECTION' }), { bodySent: false }, []),
    ],
  ])('is there in Chinese for %s', (_, error) => {
    expect(error.remedy).not.toBeNull();
    expect(remedyInChinese(error.remedy ?? '')).toMatch(chinese);
  });

  it.each(['email:li.wei@example.org', 'wecom-app:LiWei'])(
    'is there in Chinese for what is kept of %s',
    async (address) => {
      const { remedy } = await createOutboxChannel().send({ summary: '' }, { address, messageId: '', repeat: false });
      expect(remedyInChinese(remedy ?? '')).toMatch(chinese);
    },
  );

  it('names the address to trust, and the application', () => {
    const answer = {
      errcode: 60020,
      errmsg: 'not allow to access from your ip, hint: [1], from ip: 203.0.113.7, more info',
    };
    const remedy = wecomError(answer, [], 1000002).remedy ?? '';
    expect(remedy).toContain('203.0.113.7 to the trusted IP list of the application with the AgentId 1000002');
    expect(remedyInChinese(remedy)).toBe(
      '请在企业微信管理后台，把 IP 地址 203.0.113.7 加入应用（AgentId 1000002）的“企业可信IP”，约 1 分钟后生效。',
    );
    expect(remedyInChinese(wecomError(answer, []).remedy ?? '')).toContain('203.0.113.7 加入该应用');
  });

  it('stays unsaid in Chinese when nobody has written it', () => {
    expect(remedyInChinese('Turn it off and on again.')).toBeNull();
  });
});
