import { registerTrainingKernels } from '@kd/backend';
import { adam } from '@kd/optimizers';
import { layersTeacher } from '@kd/teacher';
import { expectNoLeak, useBackend } from '@kd/testing';
import { seededRandom } from '@kd/testing/seeded-random';
import { beforeAll, describe, expect, it } from 'vitest';
import { methods } from './methods/index.js';
import { trainStudent } from './train-net.js';
import { convolutional } from './works/convolutional.js';

const random = seededRandom(1);
const pictures = {
  size: 16,
  images: Float32Array.from({ length: 16 * 784 }, () => random()),
  labels: Int32Array.from({ length: 16 }, (_, row) => row % 10),
  ids: Array.from({ length: 16 }, (_, row) => String(row)),
};
const learner = {
  net: (seed: number) => convolutional([2, 3, 4], seed),
  training: { epochs: 2, batchSize: 8, optimizer: () => adam({ learningRate: 0.01 }) },
};

describe('a student', () => {
  beforeAll(async () => {
    await useBackend('wasm');
    registerTrainingKernels();
  });

  it.each(methods)('learns by $name', async (method) => {
    expect(method.candidates).toHaveLength(3);
    const net = convolutional([3, 4, 5], 1);
    const teacher = { net, asked: layersTeacher(net.model, { convention: 'logits' }) };
    const losses: number[] = [];
    await expectNoLeak(async () => {
      const student = await trainStudent(
        learner,
        { method, candidate: method.candidates[1] ?? 1, seed: 1, pictures, teacher },
        {
          signal: new AbortController().signal,
          onEvent: (event) => {
            if (event.type === 'epoch') losses.push(event.total);
          },
        },
      );
      student.model.dispose();
    });
    expect(losses.length).toBeGreaterThanOrEqual(2);
    expect(losses.every(Number.isFinite)).toBe(true);
  });
});
