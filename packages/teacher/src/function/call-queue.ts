import PQueue, { TimeoutError } from 'p-queue';
import { timer } from './timer.js';
import type { Timer } from './timer.js';

/** How many calls run at once and in a period, and the time limit of one. */
export interface QueueOptions {
  readonly concurrency: number;
  readonly timeoutMs?: number;
  readonly rate?: { readonly calls: number; readonly seconds: number };
}

/** A call that waits for its turn. */
export interface QueuedCall<Answer> {
  /** Its `signal` is aborted when nobody waits for the answer any more. */
  readonly call: (signal: AbortSignal) => Answer | Promise<Answer>;
  /** Frees an answer that arrives when nobody waits any more. */
  readonly release: (answer: Answer) => void;
  readonly signal: AbortSignal | undefined;
}

/**
 * Queues calls. A call that is given up at its time limit or by its signal rejects at once, but keeps its
 * place until it ends: otherwise the retries on a slow server would pile up.
 *
 * A time limit starts at the call's turn. While calls that were given up fill all places, a turn may never
 * come, so the time limits of the waiting calls run too.
 */
export function callQueue<Answer>({
  concurrency,
  timeoutMs,
  rate,
}: QueueOptions): (queued: QueuedCall<Answer>) => Promise<Answer> {
  const pace = rate === undefined ? {} : { intervalCap: rate.calls, interval: 1000 * rate.seconds };
  const queue = new PQueue({ concurrency, ...pace });
  const waiting = new Set<Timer>();
  let givenUp = 0;

  const countGivenUp = (change: 1 | -1): void => {
    givenUp += change;
    waiting.forEach(limitWaiting);
  };
  const limitWaiting = (limit: Timer): void => {
    if (givenUp === concurrency) limit.start();
    else limit.stop();
  };

  return ({ call, release, signal }) =>
    new Promise((resolve, reject) => {
      const unwanted = new AbortController();
      const leaving = new AbortController();
      const limit = timer(timeoutMs, () => {
        unwanted.abort(new TimeoutError());
      });
      const abort = (): void => {
        unwanted.abort(signal?.reason);
      };
      // Afterwards nothing can make the answer unwanted.
      const settle = (): void => {
        limit.stop();
        waiting.delete(limit);
        signal?.removeEventListener('abort', abort);
      };
      const turn = async (): Promise<void> => {
        waiting.delete(limit);
        limit.start();
        try {
          const answer = await call(unwanted.signal);
          if (unwanted.signal.aborted) {
            release(answer);
            return;
          }
          settle();
          resolve(answer);
        } catch (error) {
          settle();
          // A thrown value that is not an error would be replaced by an error that says only that.
          reject(error instanceof Error ? error : new Error(String(error), { cause: error }));
        } finally {
          if (unwanted.signal.aborted) countGivenUp(-1);
        }
      };
      unwanted.signal.addEventListener('abort', () => {
        const isWaiting = waiting.has(limit);
        settle();
        reject(unwanted.signal.reason as Error);
        if (isWaiting) leaving.abort();
        else countGivenUp(1);
      });
      signal?.addEventListener('abort', abort, { once: true });
      waiting.add(limit);
      limitWaiting(limit);
      queue.add(turn, { signal: leaving.signal }).catch(() => undefined);
    });
}
