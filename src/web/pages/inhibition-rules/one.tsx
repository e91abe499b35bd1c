/** One inhibition rule, or a new one. */
import { useLocation } from 'wouter';
import type { InhibitionRule } from '../../client/types.ts';
import { addressOf, useAddressName } from '../../parts/address.ts';
import { NewObjectPage } from '../../parts/new-object-page.tsx';
import { ObjectPage } from '../../parts/object-page.tsx';
import { Fact, Facts, Section } from '../../parts/section.tsx';
import { useText } from '../../text/index.tsx';
import { RuleForm } from './form.tsx';

const href = '/inhibition-rules';

export default function InhibitionRulePage() {
  const name = useAddressName();
  return name === null ? <New /> : <One name={name} />;
}

function New() {
  const { inhibition: words } = useText();
  const [, navigate] = useLocation();
  return (
    <NewObjectPage<InhibitionRule>
      title={words.add}
      list={{ href, title: words.title }}
      onSaved={() => navigate(href)}
      form={(props) => <RuleForm {...props} />}
    />
  );
}

function One({ name }: { name: string }) {
  const { inhibition: words } = useText();
  return (
    <ObjectPage<InhibitionRule>
      kind="inhibition-rules"
      name={name}
      list={{ href, title: words.title }}
      hrefOf={(other) => addressOf(href, other)}
      form={(props) => <RuleForm {...props} />}
      removeHint={words.removeHint}
      view={(rule) => <What rule={rule} />}
    />
  );
}

function What({ rule: { source_matchers, target_matchers, equal } }: { rule: InhibitionRule }) {
  const { inhibition: words } = useText();
  return (
    <Section title={words.what}>
      <Facts>
        <Fact name={words.source}>
          <bdi>{source_matchers.join(', ')}</bdi>
        </Fact>
        <Fact name={words.target}>
          <bdi>{target_matchers.join(', ')}</bdi>
        </Fact>
        <Fact name={words.equal}>
          <bdi>{equal.join(', ') || words.anything}</bdi>
        </Fact>
      </Facts>
    </Section>
  );
}
