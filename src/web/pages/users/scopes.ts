/** What a token may do of what its role may: all of it, only reading, or only what is about something. */
export interface Choice {
  mode: 'all' | 'read' | 'chosen';
  /** For `chosen`. */
  about: string[];
  onlyRead: boolean;
}

export const allScopes: Choice = { mode: 'all', about: [], onlyRead: false };

/** As the API takes them; empty: nothing has been chosen yet. Pure. */
export function scopesOf({ mode, about, onlyRead }: Choice): string[] | null {
  if (mode === 'all') return null;
  if (mode === 'read') return ['read'];
  return about.length > 0 && onlyRead ? ['read', ...about] : about;
}
