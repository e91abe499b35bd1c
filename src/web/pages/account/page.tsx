/** Who is signed in, and their password. */
import { Text } from '@mantine/core';
import { useMe } from '../../client/me.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Fact, Facts, Section } from '../../parts/section.tsx';
import { absolute } from '../../parts/time.tsx';
import { Brief } from '../../parts/value.tsx';
import { useText } from '../../text/index.tsx';
import { PasswordForm } from './password-form.tsx';

export default function AccountPage() {
  const text = useText();
  const { account: words } = text;
  const me = useMe();
  return (
    <>
      <PageHead title={words.title} lead={words.lead} />
      <Section title={words.me}>
        <Facts>
          <Fact name={words.name}>
            <Brief max={200}>{me.name}</Brief>
          </Fact>
          {me.display_name !== null && (
            <Fact name={words.displayName}>
              <Brief max={200}>{me.display_name}</Brief>
            </Fact>
          )}
          <Fact name={words.role}>{text.roles[me.role]}</Fact>
          <Fact name={words.signedIn}>{words.ways[me.account]}</Fact>
          {me.expires_at !== null && (
            <Fact name={words.until}>
              {absolute(me.expires_at, text)}
              <Text size="xs" c="var(--mm-quiet)">
                {words.untilHint}
              </Text>
            </Fact>
          )}
        </Facts>
      </Section>
      <Section title={words.password} {...(me.has_password ? { hint: words.passwordHint } : {})}>
        {me.has_password ? <PasswordForm /> : <Text size="sm">{words.noPassword[me.account]}</Text>}
      </Section>
    </>
  );
}
