/** The page of a source. */
export const hrefOfSource = (name: string) => `/sources/${encodeURIComponent(name)}`;

/** What a source does changes with every post, and no event tells of it. */
export const sourceRefetchMs = 5_000;
