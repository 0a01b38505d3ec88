// The limits of functionTeacher: times too long for Node's timers, and the abort signal.
import { setTimeout as sleep } from 'node:timers/promises';
import { useBackend } from '@kd/testing';
import { outcome } from '@kd/testing/outcome';
import { zeros } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { functionTeacher } from '../function.js';
import type { FunctionTeacherOptions } from '../function.js';

await useBackend('cpu');

type Ask = (signal?: AbortSignal) => Promise<string>;

/** Asks a function about one row; returns its answer or its outcome. */
function asking(call: () => number[][] | Promise<number[][]>, more: Partial<FunctionTeacherOptions>): Ask {
  const given = { convention: 'logits', classes: ['a', 'b'], fingerprint: 'v1', ...more } as const;
  const teacher = functionTeacher(call, given);
  return (signal) =>
    outcome(async () => {
      const batch = { inputs: { x: zeros([1, 4]) } };
      const { members } = await teacher.predict(batch, { outputs: ['output'], taps: [], signal });
      return members[0]?.outputs['output']?.data();
    });
}

/** A function that fails or answers, and its number of calls. */
function counted(answer: () => number[][]): {
  readonly call: () => number[][];
  readonly calls: () => number;
} {
  let calls = 0;
  const call = (): number[][] => {
    calls += 1;
    return answer();
  };
  return { call, calls: () => calls };
}
const right = (): number[][] => [[2, 0]];
const failing = (): never => {
  throw new Error('503');
};

it('a function is asked', async () => {
  const { call, calls } = counted(right);
  const ask = asking(call, { timeoutMs: 1e4, rate: { calls: 9, seconds: 1 }, retryDelayMs: 1 });
  expect(await ask()).toBe('2,0');
  expect(calls()).toBe(1);
});

// Node turns every time above 2^31 ms, 24.8 days, into 1 ms.
describe('a time of more than 24 days', () => {
  it('as timeoutMs is refused or respected', async () => {
    const slow = async (): Promise<number[][]> => {
      await sleep(20);
      return right();
    };
    const seen = await outcome(() => asking(slow, { timeoutMs: 3e9 })());
    expect(seen).toMatch(/^(2,0|KD_OPTION_RANGE: .*timeoutMs.*)$/);
  });

  it('as rate.seconds is refused or respected', async () => {
    const { call, calls } = counted(right);
    const seen = await outcome(async () => {
      const ask = asking(call, { rate: { calls: 1, seconds: 1e7 } });
      await ask();
      await ask(AbortSignal.timeout(50));
      return `${String(calls())} calls`;
    });
    expect(seen).toMatch(/^(1 calls|KD_OPTION_RANGE: .*rate.*)$/);
  });

  it('as retryDelayMs is refused or respected', async () => {
    const { call, calls } = counted(failing);
    const seen = await outcome(async () => {
      await asking(call, { retries: 5, retryDelayMs: 3e9 })(AbortSignal.timeout(50));
      return `${String(calls())} calls`;
    });
    expect(seen).toMatch(/^(1 calls|KD_OPTION_RANGE: .*retryDelayMs.*)$/);
  });
});

describe('a function', () => {
  it('that is called again without delay lets the signal interrupt it', async () => {
    const control = new AbortController();
    const { call, calls } = counted(() => {
      if (calls() === 1) {
        setTimeout(() => {
          control.abort();
        }, 0);
      }
      return failing();
    });
    expect(await asking(call, { retries: 1000, retryDelayMs: 0 })(control.signal)).toMatch(/abort/);
  });
});
