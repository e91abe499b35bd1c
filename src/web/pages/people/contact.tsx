/** One contact: how they are reached, a test of that, and the form. */
import { addressesOf } from '../../client/people.ts';
import type { Contact } from '../../client/types.ts';
import { useAddressName } from '../../parts/address.ts';
import { ObjectPage } from '../../parts/object-page.tsx';
import { Fact } from '../../parts/section.tsx';
import { useText } from '../../text/index.tsx';
import { ContactForm } from './contact-form.tsx';
import { hrefOfContact } from './hrefs.ts';
import { NewContact } from './new-contact.tsx';
import { Somebody, useGroupsOfContact, WordingFacts } from './somebody.tsx';

export default function ContactPage() {
  const name = useAddressName();
  return name === null ? <NewContact /> : <OneContact name={name} />;
}

function OneContact({ name }: { name: string }) {
  const { people: words } = useText();
  const groups = useGroupsOfContact(name);
  return (
    <ObjectPage<Contact>
      kind="contacts"
      name={name}
      list={{ href: '/people', title: words.title }}
      hrefOf={hrefOfContact}
      form={(props) => <ContactForm {...props} />}
      removeHint={words.removeContact}
      usedBy={groups}
      view={(contact) => (
        <Somebody
          title={words.reached}
          name={contact.name}
          addresses={addressesOf(contact)}
          target={{ contact: contact.name }}
        >
          <WordingFacts of={contact} groups={groups} />
          <Fact name={words.digest}>
            {contact.digest_at.length === 0 ? words.noDigest : contact.digest_at.join(', ')}
          </Fact>
        </Somebody>
      )}
    />
  );
}
