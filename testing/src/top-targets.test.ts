// A student of sequences that learns from the k most likely classes of a stored teacher.
import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sgd } from '@kd/optimizers';
import { shuffledOrder } from '@kd/data';
import type { BatchStream, InMemoryData } from '@kd/data';
import { defineRecipe } from '@kd/recipe';
import { softTarget, softTargetFromTop } from '@kd/soft-target-loss';
import { storedTeacher, storeSoftTargets } from '@kd/stored-soft-targets/node';
import type { StoreOptions } from '@kd/stored-soft-targets/node';
import { layersTeacher } from '@kd/teacher';
import { backends, expectClose, expectKdError, useBackend } from '@kd/testing';
import { train } from '@kd/trainer';
import { tensor } from '@tensorflow/tfjs-core';
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Batch, Term, Teacher } from '@kd/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const [length, classes, examples] = [3, 5, 8];
const directories: string[] = [];

function net(seed: number, length: number | null): LayersModel {
  const kernelInitializer = initializers.randomNormal({ seed, stddev: 1 });
  const inputShape = [length, 4];
  const logits = layers.dense({ units: classes, inputShape, kernelInitializer, name: 'logits' });
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

/** Texts of one to six positions, each with four numbers. */
const texts = Array.from({ length: 11 }, (_, text) => {
  const numbers = wave(4 * (1 + ((text * 5) % 6))).map((value) => value * (1 + text));
  return Array.from({ length: numbers.length / 4 }, (_, at) => [...numbers.subarray(4 * at, 4 * at + 4)]);
});

/** Texts padded to the longest of them with `filler`. */
function batchOf(rows: readonly number[], filler: number): Batch {
  const longest = Math.max(...rows.map((row) => texts[row]?.length ?? 0));
  const at = Array.from({ length: longest }, (_, position) => position);
  const x = rows.map((row) => at.map((position) => texts[row]?.[position] ?? Array<number>(4).fill(filler)));
  const mask = rows.map((row) => at.map((position) => (position < (texts[row]?.length ?? 0) ? 1 : 0)));
  return { inputs: { x: tensor(x) }, mask: tensor(mask), ids: rows.map((row) => `text-${String(row)}`) };
}

/** The texts in batches of `size`, in an order of their own in each epoch. */
function streamOf(size: number, filler: number): BatchStream {
  return ({ seed, skip }) => {
    const order = [...shuffledOrder(texts.length, seed)];
    const batches = Math.ceil(texts.length / size);
    return Array.from({ length: batches - skip }, (_, index) =>
      batchOf(order.slice((skip + index) * size, (skip + index + 1) * size), filler),
    );
  };
}

async function stored(topK: number): Promise<Teacher> {
  const teacher = layersTeacher(net(1, length), { convention: 'logits' });
  return storedTeacher(await stores({ teacher, data, topK }));
}

/** A new directory with the teacher's targets. */
async function stores(options: Omit<StoreOptions, 'out'>): Promise<string> {
  const out = await mkdtemp(join(tmpdir(), 'kd-'));
  directories.push(out);
  await storeSoftTargets({ ...options, out });
  return out;
}

/** The losses of four epochs. */
async function lossesOf(term: Term, teacher: Teacher): Promise<number[]> {
  const student = { model: net(2, length), convention: 'logits' } as const;
  const recipe = defineRecipe({ student, teacher, terms: [term] });
  const { history } = await train(recipe, { data, epochs: 4, batchSize: 3, optimizer: () => sgd({ learningRate: 0.5 }), seed: 1 }); // prettier-ignore
  return history.map(({ total }) => total);
}

afterAll(() => Promise.all(directories.map((directory) => rm(directory, { recursive: true }))));

describe.each(backends)('stored most likely classes on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it('train as the teacher itself does, if they leave one class', async () => {
    const teacher = layersTeacher(net(1, length), { convention: 'logits' });
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

/** The losses of four epochs on texts of different lengths, in batches of three. */
async function lossesOfTexts(term: Term, teacher: Teacher): Promise<number[]> {
  const student = { model: net(2, null), convention: 'logits' } as const;
  const recipe = defineRecipe({ student, teacher, terms: [term] });
  const { history } = await train(recipe, { data: streamOf(3, 7), epochs: 4, optimizer: () => sgd({ learningRate: 0.05 }), seed: 1 }); // prettier-ignore
  return history.map(({ total }) => total);
}

describe('targets of texts of different lengths', () => {
  beforeAll(() => useBackend('cpu'));
  const teacher = (): Teacher => layersTeacher(net(1, null), { convention: 'logits' });

  it('train as the teacher itself does, whatever the batches and the padding when they were stored', async () => {
    const live = await lossesOfTexts(softTarget({ temperature: 2 }), teacher());
    expect(live.at(-1)).toBeLessThan((live[0] ?? NaN) / 2);
    for (const [size, filler] of [[1, 0], [4, NaN], [11, 3]] as const) {
      const out = await stores({ teacher: teacher(), data: streamOf(size, filler) });
      const read = await storedTeacher(out, { checkInputs: 3 });
      expect(await lossesOfTexts(softTarget({ temperature: 2 }), read)).toEqual(live);
    }
  }); // prettier-ignore

  it('train from the most likely classes as the teacher does, if they leave one', async () => {
    const live = await lossesOfTexts(softTarget({ temperature: 1 }), teacher());
    const read = await storedTeacher(await stores({ teacher: teacher(), data: streamOf(4, NaN), topK: 4 }));
    expectClose(await lossesOfTexts(softTargetFromTop(), read), live, { relative: 1e-5, absolute: 1e-7 });
  });

  it('train with two of five classes', async () => {
    const out = await stores({ teacher: teacher(), data: streamOf(4, 0), topK: 2 });
    const [first = NaN, ...rest] = await lossesOfTexts(softTargetFromTop(), await storedTeacher(out));
    expect(rest.at(-1)).toBeLessThan(first / 2);
  });
});

describe('the most likely classes', () => {
  beforeAll(() => useBackend('cpu'));

  it('of a teacher that does not give them are missed before the first step', async () => {
    const teacher = layersTeacher(net(1, length), { convention: 'logits' });
    await expectKdError(() => lossesOf(softTargetFromTop(), teacher), 'KD_OUTPUT_UNKNOWN', 'output/top');
  });
});
