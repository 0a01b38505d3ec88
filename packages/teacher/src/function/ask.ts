import { KdError } from '@kd/core';
import type { Batch } from '@kd/core';
import { TimeoutError } from 'p-queue';
import pRetry from 'p-retry';
import { failed } from '../failed.js';
import { longestWait } from '../waits.js';
import { callQueue } from './call-queue.js';
import type { QueueOptions } from './call-queue.js';

/** How a function is called: its concurrency, rate, time limit and retries. */
export interface CallOptions extends QueueOptions {
  readonly retries: number;
  readonly retryDelayMs: number;
}

/** Calls a function; its `signal` is aborted when nobody waits for the answer any more. */
export type Call<Answer> = (
  batch: Batch,
  context: { readonly signal: AbortSignal },
) => Answer | Promise<Answer>;

/** Queues the calls of one function. `release` frees an answer that arrives when nobody waits any more. */
export function calls<Answer>(
  where: string,
  call: Call<Answer>,
  { retries, retryDelayMs, timeoutMs, ...limits }: CallOptions,
  release: (answer: Answer, batch: Batch) => void,
): (batch: Batch, signal: AbortSignal | undefined) => Promise<Answer> {
  const inTurn = callQueue<Answer>({ ...limits, ...(timeoutMs === undefined ? {} : { timeoutMs }) });

  const attempt = (batch: Batch, signal: AbortSignal | undefined): Promise<Answer> =>
    inTurn({
      call: (unwanted) => call(batch, { signal: unwanted }),
      release: (answer) => {
        release(answer, batch);
      },
      signal,
    });

  return async (batch, signal) => {
    const got: { answer?: Answer } = {};
    try {
      return await pRetry(async () => (got.answer = await attempt(batch, signal)), {
        retries,
        minTimeout: retryDelayMs,
        maxTimeout: longestWait,
        shouldRetry: async ({ error }) => {
          // Retries without a delay would otherwise never let timers and the signal have their turn.
          await new Promise((resolve) => setTimeout(resolve));
          return !KdError.isInstance(error);
        },
        ...(signal && { signal }),
      });
    } catch (error) {
      // The signal may be aborted between the answer and this line.
      if (got.answer !== undefined) release(got.answer, batch);
      signal?.throwIfAborted();
      throw gaveUp(where, error, retries, timeoutMs);
    }
  };
}

function gaveUp(where: string, cause: unknown, retries: number, timeoutMs: number | undefined): KdError {
  const times = retries === 0 ? 'once' : `up to ${String(retries + 1)} times`;
  if (!(cause instanceof TimeoutError)) {
    return failed(
      where,
      `the function, called ${times},`,
      cause,
      'See the cause of this error, or allow more retries.',
    );
  }
  return new KdError({
    code: 'KD_TEACHER_TIMEOUT',
    where,
    argument: `the function, called ${times},`,
    expected: `finished within ${String(timeoutMs)} ms`,
    received: 'no answer',
    remedy: 'Raise timeoutMs, allow more retries, or ask for smaller batches.',
    cause,
  });
}
