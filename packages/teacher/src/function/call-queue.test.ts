import { expectKdError, useBackend } from '@kd/testing';
import { ones } from '@tensorflow/tfjs-core';
import { expect, it, vi } from 'vitest';
import { KdError } from '@kd/core';
import { release } from '../../test/release.js';
import { functionTeacher } from '../function.js';
import type { FunctionTeacherOptions } from '../function.js';

await useBackend('cpu');

const batch = { inputs: { x: ones([1, 4]) } };
const rows = [[2, 0]];
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A function that takes so long at its calls, in order, and how many of them run and ran at once at most. */
function slow(...durations: number[]): {
  call: () => Promise<number[][]>;
  most: () => number;
  calls: () => number;
} {
  let [calls, running, most] = [0, 0, 0];
  const call = async (): Promise<number[][]> => {
    most = Math.max(most, (running += 1));
    await sleep(durations[calls++] ?? 0);
    running -= 1;
    return rows;
  };
  return { call, most: () => most, calls: () => calls };
}

const asking =
  (call: () => number[][] | Promise<number[][]>, limits: Partial<FunctionTeacherOptions>) =>
  async (signal?: AbortSignal): Promise<void> => {
    const stated = { convention: 'logits', shape: [null, 2], fingerprint: 'v1', retryDelayMs: 1 } as const;
    const teacher = functionTeacher(call, { ...stated, ...limits });
    release(await teacher.predict(batch, { outputs: ['output'], taps: [], ...(signal && { signal }) }));
  };
const never = (): Promise<number[][]> => new Promise(() => undefined);

it.each([1, 2])(
  'at concurrency %i, a call that timed out keeps its place until it ends',
  async (concurrency) => {
    const { call, most } = slow(200, 200, 200, 200);
    const ask = asking(call, { concurrency, timeoutMs: 10, retries: 3 });
    await expectKdError(ask, 'KD_TEACHER_TIMEOUT', 'called up to 4 times', 'finished within 10 ms');
    expect(most()).toBe(concurrency);
  },
);

it('a retry gets its turn, and its whole time limit, once the call that timed out has ended', async () => {
  const { call, most, calls } = slow(60, 30);
  await asking(call, { timeoutMs: 40, retries: 1 })();
  expect([calls(), most()]).toEqual([2, 1]);
});

it('a place is free again after a call that failed late', async () => {
  const call = vi
    .fn<() => Promise<number[][]>>()
    .mockImplementationOnce(() => sleep(30).then(() => Promise.reject(new Error('late'))))
    .mockResolvedValue(rows);
  await asking(call, { timeoutMs: 20, retries: 1 })();
  expect(call).toHaveBeenCalledTimes(2);
});

it('a function that never answers is called once, and every attempt still times out', async () => {
  const call = vi.fn(never);
  const start = performance.now();
  await expectKdError(asking(call, { timeoutMs: 20, retries: 3 }), 'KD_TEACHER_TIMEOUT', 'no answer');
  expect(call).toHaveBeenCalledTimes(1);
  expect(performance.now() - start).toBeGreaterThanOrEqual(4 * 19);
});

/** Several simultaneous questions to one teacher with a time limit of 60 ms. */
const together = (call: () => Promise<number[][]>, times: number): Promise<string[]> => {
  const stated = { convention: 'logits', shape: [null, 2], fingerprint: 'v1', timeoutMs: 60 } as const;
  const teacher = functionTeacher(call, stated);
  const ask = async (): Promise<string> => {
    try {
      release(await teacher.predict(batch, { outputs: ['output'], taps: [] }));
      return 'answer';
    } catch (error) {
      return KdError.isInstance(error) ? error.code : String(error);
    }
  };
  return Promise.all(Array.from({ length: times }, ask));
};

it('calls that wait behind others that run have their whole time limit from their turn', async () => {
  expect(await together(slow(40, 40, 40).call, 3)).toEqual(['answer', 'answer', 'answer']);
});

it('calls that waited for one that was given up have it too, once that one has ended', async () => {
  const seen = await together(slow(80, 40, 40, 40).call, 4);
  expect(seen).toEqual(['KD_TEACHER_TIMEOUT', 'answer', 'answer', 'answer']);
});

it('calls that wait behind one that never answers time out', async () => {
  const call = vi.fn(never);
  expect(await together(call, 3)).toEqual(Array(3).fill('KD_TEACHER_TIMEOUT'));
  expect(call).toHaveBeenCalledTimes(1);
});

it('a signal ends a call at once that waits for one that was given up', async () => {
  const call = vi.fn(never);
  const teacher = functionTeacher(call, { convention: 'logits', shape: [null, 2], fingerprint: 'v1' });
  const ask = async (signal: AbortSignal): Promise<unknown> =>
    await teacher.predict(batch, { outputs: ['output'], taps: [], signal });
  const [first, second] = [new AbortController(), new AbortController()];
  const asked = [ask(first.signal), ask(second.signal)];
  first.abort(new Error('first'));
  await expect(asked[0]).rejects.toThrow('first');
  second.abort(new Error('second'));
  await expect(asked[1]).rejects.toThrow('second');
  expect(call).toHaveBeenCalledTimes(1);
});
