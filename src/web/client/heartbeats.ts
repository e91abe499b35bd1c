/** The streams of beats. */
import { whileSignedIn } from './credential.ts';
import { request } from './request.ts';
import { serverNow } from './server-time.ts';
import type { HeartbeatStream } from './types.ts';

/** Left time is that of the moment of the answer. */
export interface Streams {
  streams: HeartbeatStream[];
  at: number;
}

export const streamsQuery = {
  queryKey: ['heartbeats'],
  queryFn: async (): Promise<Streams> => {
    const { streams } = await request<{ streams: HeartbeatStream[] }>('GET', 'api/v1/heartbeats?limit=1');
    return { streams, at: serverNow() };
  },
  refetchInterval: () => whileSignedIn(30_000),
};
