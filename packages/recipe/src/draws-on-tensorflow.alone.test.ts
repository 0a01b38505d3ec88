import * as tf from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { registerTrainingKernels } from '@kd/backend';
import { defineModule, defineTerm } from '@kd/core';
import { hasTensorflow, readsOnTensorflow } from '@kd/testing/tensorflow';
import { expect, it } from 'vitest';
import { buildObjective } from './build-objective.js';
import { defineRecipe } from './recipe.js';

const isInstalled = await hasTensorflow();

it.skipIf(!isInstalled)('a step on tfjs-node never reads its seed', async () => {
  registerTrainingKernels();
  await tf.setBackend('tensorflow');
  const module = defineModule({
    name: 'm',
    reads: {},
    build: () => ({ drop: sequential({ layers: [layers.dropout({ rate: 0.5, inputShape: [8] })] }) }),
  });
  const term = defineTerm({
    name: 'a',
    reads: { student: { y: { as: 'values' } } },
    modules: { module },
    loss: ({ student: { y }, modules, random }) => ({
      values: tf.mean(tf.mul(modules.module.drop(y), random(y.shape)), -1),
    }),
  });
  const model = sequential({
    layers: [
      layers.dense({ units: 8, inputShape: [4] }),
      layers.dropout({ rate: 0.5 }),
      layers.gaussianNoise({ stddev: 1 }),
    ],
  });
  const student = { model, convention: 'values' } as const;
  const objective = await buildObjective(defineRecipe({ student, terms: [term] }));
  const batch = { inputs: { x: tf.ones([16, 4]) } };
  const step = (number: number): tf.Tensor => {
    const seed = tf.add<tf.Scalar>(tf.scalar(number, 'int32'), tf.scalar(0, 'int32'));
    const request = { batch, answer: undefined, time: { step: 0, epoch: 0 }, training: true, seed };
    const variables = objective.trainable.map(({ variable }) => variable);
    const { value, grads } = tf.variableGrads(() => objective.evaluate(request).total, variables);
    tf.dispose(grads);
    return value;
  };
  const totals: tf.Tensor[] = [];
  const reads = readsOnTensorflow(() => {
    for (const seed of [1, 1, 2]) totals.push(step(seed));
  });
  expect(reads).toBe(0);
  const [one, again, two] = totals.map((total) => total.dataSync()[0]);
  expect(again).toBe(one);
  expect(two).not.toBe(one);
  objective.dispose();
});
