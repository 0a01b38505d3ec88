import type { Batch, TeacherAnswer } from '@kd/core';
import { expectNoLeak, useBackend } from '@kd/testing';
import { dispose, tensor1d } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { askedAhead } from './asked-ahead.js';
import type { Asking } from './asked-ahead.js';
import { nextTurn } from './event-loop.js';

await useBackend('cpu');

const batchOf = (number: number): Batch => ({ inputs: { x: tensor1d([number]) } });
const numberOf = ({ inputs }: Batch): number => inputs['x']?.dataSync()[0] ?? NaN;
const answerOf = (number: number): TeacherAnswer => ({ members: [], taps: [tensor1d([number])] });
const later = (milliseconds = 5): Promise<void> => new Promise((done) => setTimeout(done, milliseconds));

let log: string[] = [];
beforeEach(() => {
  log = [];
});

/** Groups of batches numbered 0, 1, 2, ... */
async function* numbered(...sizes: number[]): AsyncGenerator<Batch[]> {
  let number = 0;
  try {
    for (const size of sizes) {
      log.push('pull');
      await Promise.resolve();
      yield Array.from({ length: size }, () => batchOf(number++));
    }
  } finally {
    log.push('closed');
  }
}

const slow: Asking['ask'] = async (batch) => {
  const number = numberOf(batch);
  log.push(`ask ${String(number)}`);
  await later();
  log.push(`said ${String(number)}`);
  return answerOf(number);
};

const before = (first: string, second: string): void => {
  expect(log).toContain(first);
  expect(log).toContain(second);
  expect(log.indexOf(first), `${first} before ${second}`).toBeLessThan(log.indexOf(second));
};

/** Takes all answers; a step of 20 ms follows those of a group. */
async function run(sizes: number[], asking: Partial<Asking>, stopAfter = Infinity): Promise<void> {
  const given = { ask: slow, signal: undefined, mayAskAhead: true, steps: Infinity, ...asking };
  let step = 0;
  for await (const { batches, answer } of askedAhead(numbered(...sizes), given)) {
    for (const [index, batch] of batches.entries()) {
      const said = await answer(index);
      if (typeof said !== 'object') return void log.push(String(said));
      expect(said.taps[0]?.dataSync()[0]).toBe(numberOf(batch));
      dispose(said.taps as Tensor[]);
    }
    await later(20);
    log.push(`end ${String(step)}`);
    if (++step > stopAfter) return;
  }
}

describe('a teacher that waits', () => {
  it('works on the next batch during the step of this one', async () => {
    await expectNoLeak(() => run([1, 1, 1], {}));
    for (const step of [0, 1]) before(`said ${String(step)}`, `ask ${String(step + 1)}`);
    for (const step of [0, 1]) before(`said ${String(step + 1)}`, `end ${String(step)}`);
    expect(log.filter((line) => line.startsWith('ask'))).toHaveLength(3);
  });

  it('has got the question before the step blocks the event loop', async () => {
    let sent = 0;
    const ask: Asking['ask'] = async (batch) => {
      void nextTurn().then(() => sent++);
      await later();
      return answerOf(numberOf(batch));
    };
    const groups = askedAhead(numbered(1, 1), { ask, signal: undefined, mayAskAhead: true, steps: 2 });
    await expectNoLeak(async () => {
      for await (const { answer } of groups) {
        const said = await answer(0);
        expect(sent).toBe(2);
        if (typeof said === 'object') dispose(said.taps as Tensor[]);
      }
    });
  });

  it('gets one question at a time, in the order of the batches of all groups', async () => {
    await expectNoLeak(() => run([2, 2, 1], {}));
    for (const number of [0, 1, 2, 3]) before(`said ${String(number)}`, `ask ${String(number + 1)}`);
    before('said 2', 'end 0');
    before('end 0', 'ask 3');
  });

  it('is not asked beyond the last step, nor is the data', async () => {
    await expectNoLeak(() => run([1, 1, 1], { steps: 2 }));
    expect(log.filter((line) => line.startsWith('ask'))).toEqual(['ask 0', 'ask 1']);
    expect(log.filter((line) => line === 'pull')).toHaveLength(2);
    expect(log.at(-1)).toBe('closed');
  });

  it('fails in the step that it fails for', async () => {
    const ask: Asking['ask'] = async (batch, signal) => {
      if (numberOf(batch) === 1) return later().then(() => Promise.reject(new Error('no answer')));
      return slow(batch, signal);
    };
    await expectNoLeak(() => expect(run([1, 1, 1], { ask })).rejects.toThrow('no answer'));
    expect(log.filter((line) => line.startsWith('end'))).toEqual(['end 0']);
    expect(log).not.toContain('ask 2');
  });

  it('hears when the training stops, and its answer is freed', async () => {
    let ended: AbortSignal | undefined;
    const ask: Asking['ask'] = async (batch, signal) => {
      const answer = await slow(batch, signal);
      if (numberOf(batch) === 1) await later(40);
      ended = signal;
      return answer;
    };
    await expectNoLeak(() => run([1, 1, 1], { ask }, 0));
    expect(log).toContain('said 1');
    expect(ended?.aborted).toBe(true);
  });

  it('hears of the caller’s own signal', async () => {
    const controller = new AbortController();
    const ask: Asking['ask'] = async (batch, signal) => {
      if (numberOf(batch) === 1) controller.abort();
      return signal?.aborted === true ? 'aborted' : slow(batch, signal);
    };
    await expectNoLeak(() => run([1, 1, 1], { ask, signal: controller.signal }));
    expect(log.at(-2)).toBe('aborted');
  });

  it('is asked about batches that stay until the next group', async () => {
    const ask: Asking['ask'] = async (batch) => {
      await later(10);
      return answerOf(numberOf(batch));
    };
    await expectNoLeak(() => expect(run([2, 2], { ask }, 0)).resolves.toBeUndefined());
  });
});

describe('a teacher that is not asked ahead', () => {
  const atOnce: Asking['ask'] = async (batch) => {
    log.push(`ask ${String(numberOf(batch))}`);
    await Promise.resolve();
    return answerOf(numberOf(batch));
  };

  it.each([
    ['answers at once', { ask: atOnce }],
    ['may change, or reads a stream', { mayAskAhead: false }],
  ])('%s', async (_, asking) => {
    await expectNoLeak(() => run([1, 1, 1], asking));
    for (const step of [0, 1]) before(`end ${String(step)}`, `ask ${String(step + 1)}`);
    expect(log.filter((line) => line === 'pull')).toHaveLength(3);
  });
});
