/** Where a contact is made. */
import { useLocation } from 'wouter';
import type { Contact } from '../../client/types.ts';
import { NewObjectPage } from '../../parts/new-object-page.tsx';
import { useText } from '../../text/index.tsx';
import { ContactForm } from './contact-form.tsx';
import { hrefOfContact } from './hrefs.ts';

export function NewContact() {
  const { people: words } = useText();
  const [, navigate] = useLocation();
  return (
    <NewObjectPage<Contact>
      title={words.newContact}
      lead={words.noContactsHint}
      list={{ href: '/people', title: words.title }}
      onSaved={({ name }) => navigate(hrefOfContact(name))}
      form={(props) => <ContactForm {...props} />}
    />
  );
}
