import { useLocation } from 'wouter';

/**
 * The name at the end of the address, exactly as it is. What the router gives is decoded in part only: a name with a slash or
 * a percent sign could not be told from another one.
 */
export function useNameInPath(): string {
  // Draws again when the address changes.
  useLocation();
  const last = window.location.pathname.split('/').at(-1) ?? '';
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}
