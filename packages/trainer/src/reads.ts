import { turnsFromNow } from './event-loop.js';

/** How numbers come back from the backend. */
export interface Reads {
  /** Passes on what is being read. */
  readonly watch: <Read>(reading: Promise<Read>) => Promise<Read>;
  /** Whether they are on their way for a while; false as long as that is not known. */
  readonly wait: () => boolean;
}

/** Learns from the first read whether reads wait for a device: others are over before a turn of the loop. */
export function readsOf(): Reads {
  let waits: boolean | undefined;
  return {
    watch: async (reading) => {
      if (waits !== undefined) return reading;
      const hasTurned = turnsFromNow();
      try {
        return await reading;
      } finally {
        waits = hasTurned();
      }
    },
    wait: () => waits ?? false,
  };
}
