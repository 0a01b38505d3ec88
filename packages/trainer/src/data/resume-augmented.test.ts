import { useBackend } from '@kd/testing';
import { augmentedStream, randomCrop, randomFlip } from '@kd/data';
import { defineRecipe } from '@kd/recipe';
import { hardTargetFromDistributions } from '@kd/soft-target-loss';
import { train as optimizers } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { expect, it } from 'vitest';
import { memoryStore } from '../../test/memory-store.js';
import { dense, numbersOf } from '../../test/small.js';
import { train } from '../index.js';
import type { TrainOptions } from '../index.js';

await useBackend('cpu');

const values = Float32Array.from({ length: 12 * 9 }, (_, index) => Math.sin(index ** 2));
const labels = Float32Array.from({ length: 12 * 3 }, (_, index) =>
  Number(index % 3 === Math.floor(index / 3) % 3),
);
const trained = async (more: Partial<TrainOptions>): Promise<number[]> => {
  const model = sequential({
    layers: [layers.flatten({ inputShape: [3, 3, 1] }), dense(1, { name: 'logits', units: 3 })],
  });
  const student = { model, convention: 'logits' } as const;
  const data = augmentedStream(
    { inputs: { values, shape: [12, 3, 3, 1] }, labels: { values: labels, shape: [12, 3] } },
    { batchSize: 4, augmentations: [randomFlip(), randomCrop({ padding: 1 })], mixup: { alpha: 0.3 } },
  );
  const optimizer = () => optimizers.adam(0.1);
  await train(defineRecipe({ student, terms: [hardTargetFromDistributions()] }), {
    data,
    epochs: 3,
    optimizer,
    ...more,
  });
  return numbersOf(model);
};

it('resumes in the middle of an augmented epoch as if never interrupted', async () => {
  const whole = await trained({});
  const [store, stop] = [memoryStore(), new AbortController()];
  const onEvent: TrainOptions['onEvent'] = (event) => {
    if (event.type === 'step' && event.step === 4) stop.abort();
  };
  await trained({ checkpoint: { store }, signal: stop.signal, onEvent });
  expect(await trained({ checkpoint: { store, resume: true } })).toEqual(whole);
});
