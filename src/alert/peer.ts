/** A peer as it is configured. Kept apart from the rest of the configuration, because of its secret. */
export interface Peer {
  id: number;
  /** What the other site calls itself. */
  name: string;
  /** Without a slash at the end. */
  url: string;
  /** Shared by the two sites. */
  secret: string;
}
