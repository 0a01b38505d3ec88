// What cannot be one call runs eagerly, says why, and has the bits of a training that never tries.
import { defineTerm, offTape, stepFunctions } from '@kd/core';
import type { Term, TermBatch } from '@kd/core';
import type { BatchStream } from '@kd/data';
import { hardTarget } from '@kd/soft-target-loss';
import { hasTensorflow } from '@kd/testing/tensorflow';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../seeded-random.js';
import { expectEqual } from './both-ways.js';
import { classes, numbersOf } from './small.js';
import { trainSame } from './train-same.js';

const isInstalled = (await hasTensorflow()) && stepFunctions() !== undefined;

/** A term that multiplies the squares of the logits with what `factor` returns. */
function times(factor: (logits: Tensor, batch: TermBatch) => Tensor | number): Term {
  const reads = { student: { logits: { as: 'logits' } }, targets: { labels: { as: 'class-ids' } } } as const;
  return defineTerm({
    name: 'times',
    reads,
    loss: (batch) => {
      const { logits } = batch.student;
      return { values: tf.mean(tf.mul(tf.square(logits), factor(logits, batch as never)), -1) };
    },
  });
}

const changes = 'a constant of it changes from step to step';
const outside = 'it uses a tensor from outside';
const refused: Readonly<Record<string, readonly [reason: string, term: () => Term]>> = {
  'reads a number': ['it reads numbers back', () => times((x) => tf.mean(x).dataSync()[0] ?? 0)],
  'reads numbers later': ['it reads numbers back', () => times((x) => (void x.data(), 1))],
  'reads an input': ['it reads numbers back', () => times((_, { targets }) => targets['labels']?.dataSync()[0] ?? 0)], // prettier-ignore
  'reads which is larger, of several': ['it reads numbers back', () => times((x) => Number(tf.greater(x, 0).dataSync()[0]))], // prettier-ignore
  'draws numbers': [changes, () => {
    const random = seededRandom(5);
    return times(() => random());
  }], // prettier-ignore
  'counts': [changes, () => {
    let count = 0;
    return times(() => ++count);
  }], // prettier-ignore
  'changes what it does': ['its operations change from step to step', () => {
    let count = 0;
    return times((x) => (++count % 2 === 0 ? tf.abs(x) : tf.sigmoid(x)));
  }], // prettier-ignore
  'uses one variable, then another': [
    'it uses other variables from step to step',
    () => {
      const both = [1, 2].map((x) => tf.variable(tf.tensor1d([x, 2, 3]), false));
      let count = 0;
      return times(() => both[++count % 2] as Tensor);
    },
  ],
  'uses a tensor of its author': [outside, () => {
    const kept = tf.keep(tf.tensor1d([1, 2, 3]));
    return times(() => kept);
  }], // prettier-ignore
  'uses a tensor of its author that TensorFlow has already': [outside, () => {
    const kept = tf.keep(tf.tidy(() => tf.add(tf.tensor1d([1, 2, 3]), 1)));
    return times(() => kept);
  }], // prettier-ignore
  'has sizes that depend on numbers': ['the sizes of its tensors depend on their numbers', () =>
    times((x, { targets }) => {
      const { values } = tf.unique(targets['labels'] as tf.Tensor1D);
      return values.size;
    }),
  ], // prettier-ignore
};

/** Examples of as many rows as `rows` says for each batch. */
const streamOf = (rows: readonly number[], shape: readonly number[] = [4]): BatchStream =>
  function* ({ skip }) {
    for (const [index, count] of rows.entries()) {
      if (index < skip) continue;
      yield {
        inputs: { x: tf.tensor(numbersOf(shape, index, count), [count, ...shape]) },
        targets: {
          labels: tf.tensor1d(
            Array.from({ length: count }, (_, row) => row % classes),
            'int32',
          ),
        },
      };
    }
  };

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

describe.skipIf(!isInstalled)('a training whose steps cannot be calls', () => {
  beforeAll(() => tf.setBackend('tensorflow'));

  it.each(Object.entries(refused))('says why if a term %s', async (_, [reason, term]) => {
    const both = await trainSame(() => ({ recipe: { terms: [hardTarget(), term()] } }));
    expectEqual(both);
    expect(both.eager.result).toHaveProperty('failure', undefined);
    expect(both.compiled.reasons.join()).toContain(reason);
    // The optimizer alone.
    expect(both.compiled.calls).toBeLessThanOrEqual(10);
  });

  it('says that a term draws in TensorFlow, whose draws no seed repeats', async () => {
    const draw = (x: Tensor): Tensor =>
      tf.cast(tf.multinomial(tf.zerosLike(x) as tf.Tensor2D, 5, 3), 'float32');
    const term = times((x) => offTape(() => tf.mean(draw(x))));
    const { compiled } = await trainSame(() => ({ recipe: { terms: [hardTarget(), term] } }));
    expect(compiled.result).toHaveProperty('failure', undefined);
    expect(compiled.reasons).toEqual(['it draws numbers in TensorFlow']);
  });

  it('runs a step of other sizes with the bits of an eager one', async () => {
    // More sizes than are remembered: the first ones come back when they are forgotten.
    const many = [3, 1, 2, 3, 1, 3, 2, ...upTo(34), 1, 34, 3];
    const both = await trainSame(() => ({ data: streamOf(many), batchSize: undefined, epochs: 2 }) as never);
    expectEqual(both);
    expect(both.compiled.result).toHaveProperty('failure', undefined);
  });
});
