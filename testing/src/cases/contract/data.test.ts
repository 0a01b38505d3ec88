// What terms get from the data besides inputs and labels: the class of an example, its row, the size of the
// set.
import '@tensorflow/tfjs-backend-cpu';
import type { Module, Term, TermBatch } from '@kd/core';
import { defineRecipe } from '@kd/recipe';
import { hardTarget } from '@kd/soft-target-loss';
import type { HardClassTermOptions } from '@kd/soft-target-loss';
import { train } from '@kd/trainer';
import type { TrainOptions } from '@kd/trainer';
import type { BatchStream, InMemoryData, RepeatableData } from '@kd/data';
import { gather, setBackend, tensor, tensor1d, train as optimizers } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { adam, data, matching, numbers, scale, student, teacher } from '../nets.js';
import { outcome } from '../outcome.js';

await setBackend('cpu');

describe('class weights', () => {
  const learner = student();
  const lossOf = async (term: Term, more: Partial<TrainOptions> = {}): Promise<number> => {
    const options = { data, batchSize: 16, epochs: 1, optimizer: () => optimizers.sgd(0), ...more };
    const { history } = await train(defineRecipe({ student: learner, terms: [term] }), options);
    return history[0]?.losses['hard'] ?? NaN;
  };
  /** The mean over examples whose labels weigh 1 and 9, in float64. */
  const expected = (): number => {
    const { values, shape } = data.inputs;
    const logits = Array.from((learner.model.predict(tensor(values, shape)) as Tensor).dataSync());
    const weights = Array.from(data.labels, (label) => (label === 0 ? 1 : 9));
    const losses = Array.from(data.labels, (label, row) => {
      const [a = NaN, b = NaN] = logits.slice(2 * row, 2 * row + 2);
      return Math.log(Math.exp(a) + Math.exp(b)) - (label === 0 ? a : b);
    });
    const sum = losses.reduce((total, loss, row) => total + loss * (weights[row] ?? NaN), 0);
    return sum / weights.reduce((total, weight) => total + weight, 0);
  };

  it('14 are the weights of a term around the label term', async () => {
    const hard = hardTarget();
    const byClass: Term = {
      ...hard,
      loss: (batch) => {
        const labels = batch.batch.targets?.['labels'] as Tensor;
        return { ...hard.loss(batch), weights: gather(tensor1d([1, 9]), labels) };
      },
    };
    expect(await lossOf(byClass)).toBeCloseTo(expected(), 5);
    expect(await lossOf(hard)).not.toBeCloseTo(expected(), 3);
  });

  it.fails('14 are an option of that term', async () => {
    const classWeight = { classWeight: [1, 9] } as HardClassTermOptions;
    const seen = await outcome(async () => (await lossOf(hardTarget(classWeight))).toFixed(4));
    expect(seen).toBe(expected().toFixed(4));
  });

  it('14 are not an option of the training, which would weigh every term', async () => {
    const classWeight = { classWeight: { 0: 1, 1: 9 } } as Partial<TrainOptions>;
    expect(await outcome(() => lossOf(hardTarget(), classWeight))).toMatch(
      /^KD_OPTION_UNKNOWN: .*options\.classWeight/,
    );
  });
});

describe('a memory bank', () => {
  const bank = { needs: ['teacher', 'ids', 'datasetSize'] } as const;
  const trainOn = async (term: Term, more: object): Promise<string> => {
    const recipe = defineRecipe({ student: student(), teacher: teacher(), terms: [term] });
    const given = { ...data, ...more } as InMemoryData;
    const { reason } = await train(recipe, { data: given, batchSize: 8, epochs: 1, optimizer: adam });
    return reason;
  };

  it('19 trains with string ids', async () => {
    const ids = Array.from(data.labels, (_, row) => String(row));
    expect(await outcome(() => trainOn(matching(bank), { ids }))).toBe('finished');
  });

  it.each([
    [
      'an array of numbers',
      Array.from(data.labels, (_, row) => row),
      'options\\.data\\.ids\\[0\\] must be a non-empty string',
    ],
    ['an Int32Array', data.labels, 'options\\.data\\.ids must be an array of strings'],
  ])('19 is refused ids that are %s', async (_, ids, message) => {
    expect(await outcome(() => trainOn(matching(bank), { ids }))).toMatch(
      new RegExp(`^KD_DATA_TYPE: train: ${message}`),
    );
  });

  it.fails('19 receives the row of each example, without any ids', async () => {
    const rows: number[] = [];
    const term = matching({
      needs: ['teacher', 'rows', 'datasetSize'] as unknown as NonNullable<Term['needs']>,
      loss: (batch: TermBatch & { readonly rows?: Tensor }) => {
        rows.push(...(batch.rows?.dataSync() ?? []));
        return matching().loss(batch);
      },
    });
    const seen = await outcome(() => trainOn(term, {}));
    expect(`${seen}, rows ${rows.sort((a, b) => a - b).join(' ')}`).toBe(
      'finished, rows 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15',
    );
  });
});

describe('a stream and a term that needs the size of the data set:', () => {
  const { values, shape } = numbers(8, [4]);
  const batches: BatchStream = function* () {
    yield { inputs: { x: tensor(values, shape) }, ids: Array.from({ length: 8 }, (_, row) => String(row)) };
  };
  const trainOn = async (given: RepeatableData): Promise<string> => {
    const sizes: (number | undefined)[] = [];
    const { module } = scale();
    const build: Module['build'] = (context) => {
      sizes.push(context.datasetSize);
      return module.build(context);
    };
    const needs = ['teacher', 'datasetSize'] as const;
    const term = matching({ needs, modules: [{ name: 'bank', build }] });
    const recipe = defineRecipe({ student: student(), teacher: teacher(), terms: [term] });
    const { reason } = await train(recipe, { data: given, epochs: 1, optimizer: adam });
    return `${reason}, size ${sizes.join()}`;
  };

  it.fails('22 the stream states its number of examples', async () => {
    const seen = await outcome(() => trainOn({ batches, size: 8 } as unknown as RepeatableData));
    expect(seen).toBe('finished, size 8');
  });

  it('22 a stream that does not state it is refused', async () => {
    expect(await outcome(() => trainOn(batches))).toMatch(/^KD_TERM_NEEDS: the term "matching": /);
  });

  it.fails('22 the error asks only for what the training accepts', async () => {
    expect(await outcome(() => trainOn(batches))).not.toContain('options.datasetSize');
  });
});
