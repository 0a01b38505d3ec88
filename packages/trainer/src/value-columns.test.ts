// Targets [B] for a student whose output is [B, 1].
import { defineRecipe } from '@kd/recipe';
import { defineTerm } from '@kd/core';
import type { Batch, Term } from '@kd/core';
import { teacherBounded, valueTarget } from '@kd/regression-loss';
import { layersTeacher } from '@kd/teacher';
import { expectKdError, useBackend } from '@kd/testing';
import { mean, square, sub, tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import { sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { dense, examples, numbersOf, options, values } from '../test/small.js';
import { evaluate, train, valueMetrics } from './index.js';
import type { Run } from './index.js';

await useBackend('cpu');

const numbers = Float32Array.of(1, -2, 3, 0.5, 2, 7);
const { inputs } = examples(6);
const flat = { inputs, labels: numbers };
const column = { inputs, labels: { values: numbers, shape: [6, 1] } };

const model = (seed = 1, units = 1): LayersModel =>
  sequential({ layers: [dense(seed, { units, inputShape: [2] })] });
const trained = async (
  terms: readonly Term[],
  data: typeof flat | typeof column,
  units = 1,
): Promise<{ run: Run; weights: number[] }> => {
  const student = model(1, units);
  const recipe = defineRecipe({
    student: { model: student, convention: 'values' },
    teacher: layersTeacher(model(2, units), { convention: 'values' }),
    terms,
  });
  const run = await train(recipe, options(data, { epochs: 2, validation: { data } }));
  return { run, weights: numbersOf(student) };
};

describe('targets [B] for an output [B, 1]', () => {
  it.each<[string, readonly Term[]]>([
    ['valueTarget', [valueTarget()]],
    ['teacherBounded', [valueTarget(), teacherBounded({ weight: 0.5 })]],
  ])('are targets [B, 1] for %s and validation', async (_, terms) => {
    const [own, other] = [await trained(terms, flat), await trained(terms, column)];
    expect(own.weights).toEqual(other.weights);
    expect(own.run.history.map(({ losses }) => losses)).toEqual(
      other.run.history.map(({ losses }) => losses),
    );
    expect(own.run.history.map(({ validation }) => validation)).toEqual(
      other.run.history.map(({ validation }) => validation),
    );
  });

  it('reach a term of your own as [B, 1]', async () => {
    const shapes: string[] = [];
    const own = defineTerm({
      name: 'own',
      reads: { student: { values: { as: 'values' } }, targets: { labels: { as: 'values' } } },
      loss: ({ student, targets }) => {
        shapes.push(targets.labels.shape.join());
        return { values: mean(square(sub(student.values, targets.labels)), -1) };
      },
    });
    await trained([own], flat);
    expect(shapes).toEqual(['4,1', '2,1', '4,1', '2,1']);
  });

  it('are never broadcast in valueMetrics and evaluate', async () => {
    const output = tensor2d([[1], [4]]);
    const batch: Batch = { inputs: {}, targets: { labels: tensor1d([0, 2]) } };
    const { loss, absoluteError } = valueMetrics({ output, convention: 'values' }, batch);
    expect([values(loss), values(absoluteError)]).toEqual([
      [1, 4],
      [1, 2],
    ]);
    const student = { model: model(), convention: 'values' } as const;
    expect(await evaluate(student, flat)).toEqual(await evaluate(student, column));
  });

  it('are still refused for an output [B, 2], as are [B, 2] for [B, 1]', async () => {
    const facts = ['targets.labels', '[6,2]', '[6]'];
    await expectKdError(() => trained([valueTarget()], flat, 2), 'KD_TENSOR_SHAPE', ...facts);
    const two = { inputs, labels: { values: new Float32Array(12), shape: [6, 2] } };
    await expectKdError(() => trained([valueTarget()], two), 'KD_TENSOR_SHAPE', '[6,1]', '[6,2]');
    const output = tensor2d([[1, 2]]);
    const batch: Batch = { inputs: {}, targets: { labels: tensor1d([0]) } };
    await expectKdError(
      () => valueMetrics({ output, convention: 'values' }, batch),
      'KD_TENSOR_SHAPE',
      '[1,2]',
    );
  });
});
