// A student of sequences that learns from the k most likely classes of a stored teacher.
import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sgd } from '@kd/optimizers';
import type { InMemoryData } from '@kd/data';
import { defineRecipe } from '@kd/recipe';
import { softTarget, softTargetFromTop } from '@kd/soft-target-loss';
import { storedTeacher, storeSoftTargets } from '@kd/stored-soft-targets/node';
import { layersTeacher } from '@kd/teacher';
import { backends, expectClose, expectKdError, useBackend } from '@kd/testing';
import { train } from '@kd/trainer';
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Term, Teacher } from '@kd/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const [length, classes, examples] = [3, 5, 8];
const directories: string[] = [];

function net(seed: number): LayersModel {
  const kernelInitializer = initializers.randomNormal({ seed, stddev: 1 });
  const logits = layers.dense({ units: classes, inputShape: [length, 4], kernelInitializer, name: 'logits' });
  return sequential({ layers: [logits] });
}

const wave = (size: number): Float32Array =>
  Float32Array.from({ length: size }, (_, at) => Math.sin(at * at));
const data: InMemoryData = {
  inputs: { x: { values: wave(examples * length * 4), shape: [examples, length, 4] } },
  ids: Array.from({ length: examples }, (_, row) => `text-${String(row)}`),
  // The last positions of every second example are padding.
  mask: { values: Float32Array.from({ length: examples * length }, (_, at) => (at % 6 === 5 ? 0 : 1)), shape: [examples, length] }, // prettier-ignore
};

async function stored(topK: number): Promise<Teacher> {
  const out = await mkdtemp(join(tmpdir(), 'kd-'));
  directories.push(out);
  const teacher = layersTeacher(net(1), { convention: 'logits' });
  await storeSoftTargets({ teacher, data, out, topK });
  return storedTeacher(out);
}

/** The losses of four epochs. */
async function lossesOf(term: Term, teacher: Teacher): Promise<number[]> {
  const recipe = defineRecipe({ student: { model: net(2), convention: 'logits' }, teacher, terms: [term] });
  const { history } = await train(recipe, { data, epochs: 4, batchSize: 3, optimizer: () => sgd({ learningRate: 0.5 }), seed: 1 }); // prettier-ignore
  return history.map(({ total }) => total);
}

afterAll(() => Promise.all(directories.map((directory) => rm(directory, { recursive: true }))));

describe.each(backends)('stored most likely classes on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it('train as the teacher itself does, if they leave one class', async () => {
    const teacher = layersTeacher(net(1), { convention: 'logits' });
    const live = await lossesOf(softTarget({ temperature: 1 }), teacher);
    expectClose(await lossesOf(softTargetFromTop(), await stored(4)), live, {
      relative: 1e-5,
      absolute: 1e-7,
    });
  });

  it('train with two of five classes', async () => {
    const [first = NaN, ...rest] = await lossesOf(softTargetFromTop(), await stored(2));
    expect(rest.at(-1)).toBeLessThan(first / 2);
  });
});

describe('the most likely classes', () => {
  beforeAll(() => useBackend('cpu'));

  it('of a teacher that does not give them are missed before the first step', async () => {
    const teacher = layersTeacher(net(1), { convention: 'logits' });
    await expectKdError(() => lossesOf(softTargetFromTop(), teacher), 'KD_OUTPUT_UNKNOWN', 'output/top');
  });
});
