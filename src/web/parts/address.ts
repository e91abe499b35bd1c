/** Addresses of pages that show one object by its name, which may hold any character. */
import { usePathname } from 'wouter/use-browser-location';

/** `/alert-groups/…`; what is called like the address of a new one is written in another way. */
export function addressOf(page: string, name: string): string {
  return `${page}/${name === 'new' ? '%6Eew' : encodeURIComponent(name)}`;
}

/** The name in the address of the page, null for a new one. The router has decoded it half, so it is read where it is whole. */
export function useAddressName(): string | null {
  const part = usePathname().split('/').at(-1) ?? '';
  if (part === 'new') return null;
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
