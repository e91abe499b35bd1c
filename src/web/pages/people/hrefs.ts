/** Addresses of the pages of people and rooms. */
export const hrefOfContact = (name: string) => `/people/contacts/${encodeURIComponent(name)}`;
export const hrefOfRoom = (name: string) => `/people/robots/${encodeURIComponent(name)}`;
