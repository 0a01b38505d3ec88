// The rows of examples in the data set, and its size, for memory banks.
import { defineModule, defineTerm } from '@kd/core';
import type { Term } from '@kd/core';
import type { BatchStream, RepeatableData } from '@kd/data';
import { defineRecipe } from '@kd/recipe';
import { expectKdError, useBackend } from '@kd/testing';
import {
  add,
  expandDims,
  gather,
  mean,
  squaredDifference,
  tensor,
  tensor1d,
  tensorScatterUpdate,
  train as optimizers,
  variable,
  zeros,
} from '@tensorflow/tfjs-core';
import type { Variable } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { examples, net, values } from '../test/small.js';
import { train } from './index.js';
import type { TrainOptions } from './index.js';

await useBackend('cpu');

/** Pulls each logit towards what it was when the example was last seen. */
function bank(seen: { sizes: number[]; rows: number[] }): Term {
  const memory = defineModule({
    name: 'memory',
    reads: { rows: true },
    build: ({ datasetSize }) => {
      seen.sizes.push(datasetSize);
      return { values: variable(zeros([datasetSize, 3]), false) };
    },
  });
  return defineTerm({
    name: 'bank',
    reads: { student: { logits: { as: 'logits' } }, rows: true },
    modules: { memory },
    loss: ({ student: { logits }, rows, modules }) => {
      seen.rows.push(...values(rows));
      return {
        values: mean(squaredDifference(logits, gather(modules.memory.values, rows)), -1),
        carry: { rows, logits },
      };
    },
    afterStep: ({ modules, carry }) => {
      const { values: kept } = modules.memory;
      // On cpu tfjs writes into the first argument, so it gets a copy.
      kept.assign(tensorScatterUpdate(add(kept, 0), expandDims(carry.rows, 1), carry.logits));
    },
  });
}
const trainOn = async (data: RepeatableData, more: Partial<TrainOptions> = {}) => {
  const seen = { sizes: [] as number[], rows: [] as number[] };
  const recipe = defineRecipe({ student: { model: net(), convention: 'logits' }, terms: [bank(seen)] });
  const options = { data, epochs: 1, optimizer: () => optimizers.sgd(0.1), keep: ['memory'], ...more };
  const { reason, modules } = await train(recipe, options);
  return { reason, ...seen, memory: (modules['memory'] as { values: Variable }).values };
};

describe('a memory bank', () => {
  it('gets the row of each example of data in memory, without any ids', async () => {
    const { reason, rows, sizes, memory } = await trainOn(examples(16), {
      batchSize: 8,
      accumulationSteps: 2,
    });
    expect([reason, sizes]).toEqual(['finished', [16]]);
    expect(rows).not.toEqual([...rows].sort((a, b) => a - b));
    expect(rows.sort((a, b) => a - b)).toEqual(Array.from({ length: 16 }, (_, row) => row));
    expect(values(memory).every((value) => value !== 0)).toBe(true);
  });

  const { inputs } = examples(8);
  const stream = (rows?: () => ReturnType<typeof tensor1d>): BatchStream =>
    function* () {
      const given = inputs;
      yield { inputs: { x: tensor(given.values, given.shape) }, ...(rows && { rows: rows() }) };
    };
  const rows = () => tensor1d([0, 2, 4, 6, 1, 3, 5, 7], 'int32');

  it('gets rows and size from a stream that states them', async () => {
    const seen = await trainOn({ batches: stream(rows), size: 8 });
    expect([seen.reason, seen.sizes, seen.rows]).toEqual(['finished', [8], [0, 2, 4, 6, 1, 3, 5, 7]]);
  });

  it('refuses a stream that does not state its size, and asks for what the training accepts', async () => {
    await expectKdError(
      () => trainOn(stream(rows)),
      'KD_TERM_NEEDS',
      'the term "bank"',
      'the size of the data set',
    );
    const error = await trainOn(stream(rows)).catch((caught: unknown) => caught);
    expect(String(error)).toContain('{ batches, size }');
    expect(String(error)).not.toContain('options.datasetSize');
  });

  it('refuses a batch without rows, and rows that are no int32', async () => {
    await expectKdError(() => trainOn({ batches: stream(), size: 8 }), 'KD_TERM_NEEDS', 'batch.rows');
    const floats = () => tensor1d([0, 1, 2, 3, 4, 5, 6, 7]);
    await expectKdError(
      () => trainOn({ batches: stream(floats), size: 8 }),
      'KD_TERM_NEEDS',
      'batch.rows',
      'float32',
    );
  });

  it('refuses to be measured on another set, whose rows are of other examples', () =>
    expectKdError(
      () => trainOn(examples(8), { validation: { data: examples(8), metrics: 'losses' } }),
      'KD_TERM_NEEDS',
      'metrics',
      '"bank"',
    ));

  it.each([
    ['size 0', { size: 0 }, 'KD_OPTION_RANGE'],
    ['an unknown field', { count: 8 }, 'KD_OPTION_UNKNOWN'],
    ['batches that are no function', { batches: [] }, 'KD_OPTION_TYPE'],
  ])('refuses a stream with %s', (_, more, code) =>
    expectKdError(() => trainOn({ batches: stream(rows), size: 8, ...more } as never), code, 'options.data'),
  );
});
