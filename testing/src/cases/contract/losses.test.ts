// What a loss receives, what it may return, and how a wrong loss is refused.
import '@tensorflow/tfjs-backend-cpu';
import type { Term, TermBatch, TermLoss } from '@kd/core';
import { defineRecipe } from '@kd/recipe';
import { train, trainStages } from '@kd/trainer';
import type { TrainOptions } from '@kd/trainer';
import { abs, less, mean, mul, setBackend, square, sub, where } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { adam, data, matching, student, teacher, valueOf } from '../nets.js';
import { outcome } from '../outcome.js';

await setBackend('cpu');

// What a term should receive or return, but does not yet.
interface NextBatch extends TermBatch {
  readonly training?: boolean;
  readonly random?: (shape: readonly number[]) => Tensor;
  readonly carry?: { readonly mean?: Tensor };
}
interface NextLoss extends TermLoss {
  readonly carry: { readonly mean: Tensor };
}

const plain = matching();
const trainOn = async (term: Term, more: Partial<TrainOptions> = {}): Promise<string> => {
  const recipe = defineRecipe({ student: student(), teacher: teacher(), terms: [term] });
  const { reason } = await train(recipe, { data, epochs: 1, optimizer: adam, ...more });
  return reason;
};

describe('afterStep', () => {
  const computed: number[] = [];
  const carried: (number | undefined)[] = [];
  const term = matching({
    loss: (batch): NextLoss => {
      const { values } = plain.loss(batch);
      const carry = { mean: mean(values) };
      computed.push(valueOf(carry.mean));
      return { values, carry };
    },
    afterStep: ({ carry }: NextBatch) => void carried.push(carry?.mean && valueOf(carry.mean)),
  });
  beforeAll(async () => {
    await trainOn(term, { batchSize: 4, accumulationSteps: 2 });
  });

  it('03 is called once for each batch', () => {
    expect(new Set(computed).size).toBe(4);
    expect(carried).toHaveLength(4);
  });

  it.fails('03 receives what the loss of its batch computed', () => {
    expect(carried).toEqual(computed);
  });
});

describe('a loss', () => {
  const training: (boolean | undefined)[] = [];
  const watching = matching({
    loss: (batch: NextBatch) => {
      training.push(batch.training);
      return plain.loss(batch);
    },
  });
  const drawn = async (seed: number): Promise<number[]> => {
    const numbers: number[] = [];
    const drawing = matching({
      loss: (batch: NextBatch) => {
        numbers.push(...(batch.random?.([2]).dataSync() ?? []));
        return plain.loss(batch);
      },
    });
    await trainOn(drawing, { batchSize: 8, seed });
    return numbers;
  };
  const seen: Record<'first' | 'again' | 'other', number[]> = { first: [], again: [], other: [] };
  beforeAll(async () => {
    const earlyStopping = { metrics: 'losses' } as const;
    const stages = [{ name: 'one', terms: [watching], epochs: 1, optimizer: adam, earlyStopping }];
    await trainStages(
      { student: student(), teacher: teacher(), stages },
      { data, batchSize: 16, validation: { data } },
    );
    for (const [name, seed] of [
      ['first', 1],
      ['again', 1],
      ['other', 2],
    ] as const) {
      seen[name] = await drawn(seed);
    }
  });

  it('04 is called when the validation data are checked, in the step, and by the validation', () => {
    expect(training).toHaveLength(3);
  });

  it.fails('04 can tell a training step from a validation', () => {
    expect(training).toEqual([false, true, false]);
  });

  it.fails('04 draws numbers that differ by step and by seed, and repeat with the same seed', () => {
    expect(new Set([...seen.first, ...seen.other]).size).toBe(8);
    expect(seen.again).toEqual(seen.first);
  });
});

describe('an unusable loss is refused, naming its term:', () => {
  it.fails('05 one that compares on the tape, where offTape helps', async () => {
    const huber = matching({
      name: 'huber',
      loss: ({ student: { output }, teacher: answer }) => {
        const off = sub(output, answer?.members[0]?.output as Tensor);
        const size = abs(off);
        return { values: mean(where(less(size, 1), mul(square(off), 0.5), sub(size, 0.5)), -1) };
      },
    });
    expect(await outcome(() => trainOn(huber))).toMatch(/^KD_\w+: .*"huber".*offTape/);
  });

  it.fails('06 one that returns a tensor', async () => {
    const bare = matching({ loss: (batch) => plain.loss(batch).values as never });
    expect(await outcome(() => trainOn(bare))).toMatch(
      /^KD_TERM_\w+: .*"matching".*received a float32 tensor/,
    );
  });

  it.fails('06 one that returns a promise', async () => {
    const later = matching({ loss: (batch) => Promise.resolve(plain.loss(batch)) as never });
    expect(await outcome(() => trainOn(later))).toMatch(/^KD_TERM_\w+: .*"matching".*received .*promise/i);
  });
});

describe('an unknown field of a term is refused by name:', () => {
  it.fails.each(['afterSteps', 'need'])('07 %s', async (field) => {
    const misspelt = { ...matching(), [field]: () => undefined };
    expect(await outcome(() => trainOn(misspelt))).toMatch(
      new RegExp(`^KD_(TERM_INVALID|OPTION_UNKNOWN): .*\\b${field}\\b`),
    );
  });
});
