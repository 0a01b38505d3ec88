import pRetry from 'p-retry';
import { longestWait } from '../waits.js';
import { Passing } from './passing.js';
import type { ServerSettings } from './server-options.js';
import { wait } from './wait.js';

/** Repeats what meets a `Passing` fault, and in the end throws what that fault stands for. */
export async function retried<T>(
  attempt: () => Promise<T>,
  { retries, retryDelayMs }: Pick<ServerSettings, 'retries' | 'retryDelayMs'>,
  signal: AbortSignal,
): Promise<T> {
  try {
    return await pRetry(attempt, {
      retries,
      minTimeout: retryDelayMs,
      maxTimeout: longestWait,
      shouldRetry: async ({ error, retriesConsumed }) => {
        if (!(error instanceof Passing)) return false;
        // pRetry waits for the rest.
        await wait(error.waitMs - retryDelayMs * 2 ** retriesConsumed, signal);
        return true;
      },
      signal,
    });
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof Passing ? error.fault : error;
  }
}
