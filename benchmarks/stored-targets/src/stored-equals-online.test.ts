// Shows that a student learns the same from stored targets as from the teacher itself, step by step.
import '@tensorflow/tfjs-backend-wasm';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { registerTrainingKernels } from '@kd/backend';
import type { Batch, Teacher } from '@kd/core';
import { namedWeights } from '@kd/model';
import { storedTeacher, storeSoftTargets } from '@kd/stored-soft-targets/node';
import { ensembleTeacher, layersTeacher } from '@kd/teacher';
import type { InMemoryData } from '@kd/data';
import { asData, select } from '@kd-datasets/mnist';
import { mul, setBackend, tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { trainingDigits } from './digits.js';
import { perceptron } from './models.js';
import { trainModel } from './train.js';

const folder = mkdtempSync(join(tmpdir(), 'stored-targets-'));
let data: InMemoryData;
beforeAll(async () => {
  registerTrainingKernels();
  await setBackend('wasm');
  data = asData(await trainingDigits(700));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/**
 * The losses of all steps of a student. Batches of 96 are shuffled, and the last batch of an epoch is
 * smaller.
 */
function losses(teacher: Teacher, of: InMemoryData = data, seed = 3): Promise<number[]> {
  const student = perceptron(20, 50);
  return trainModel(student, of, { epochs: 3, batchSize: 96, learningRate: 0.01, seed }, teacher);
}

async function store(name: string, teacher: Teacher): Promise<Teacher> {
  const out = join(folder, name);
  // Not the batch size of the training.
  await storeSoftTargets({ teacher, data, out, batchSize: 128, rowsPerFile: 150 });
  return storedTeacher(out);
}

/** A hash of every weight of a model. */
async function hashOf(model: LayersModel): Promise<string> {
  const hash = createHash('sha256');
  for (const { variable } of namedWeights(model)) hash.update(new Uint8Array((await variable.data()).buffer));
  return hash.digest('hex');
}

/** A wrong store: it returns the targets in the order in which they were stored, whatever the ids. */
function byPosition(stored: Teacher): Teacher {
  let position = 0;
  return {
    ...stored,
    predict: (batch, request) => {
      const count = batch.ids?.length ?? 0;
      const ids = Array.from({ length: count }, (_, row) => `train-${String((position + row) % 700)}`);
      position += count;
      const digits = Number(ids[0]?.slice('train-'.length));
      return stored.predict(batchAt(digits, ids), request);
    },
  };
}

/** The inputs of consecutive ids, so that the wrong store is not detected by its inputs. */
function batchAt(first: number, ids: readonly string[]): Batch {
  const { values, shape } = data.inputs as { values: Float32Array; shape: readonly number[] };
  const width = shape[1] ?? 0;
  return { inputs: { input: tensor(values.slice(first * width, (first + 1) * width), [1, width]) }, ids };
}

describe('stored targets', () => {
  it('give the same losses as the teacher itself, to the bit, with shuffling', async () => {
    const teacher = layersTeacher(perceptron(40, 1), { convention: 'logits' });
    const live = await losses(teacher);
    expect(live).toHaveLength(24);
    const stored = await store('one', teacher);
    expect(await losses(stored)).toEqual(live);
    expect((await stored.describe({ taps: [] })).fingerprint).toBe(
      (await teacher.describe({ taps: [] })).fingerprint,
    );
    // Another seed gives another order, so the losses above are not constants.
    expect(await losses(stored, data, 4)).not.toEqual(live);
  });

  it('would not if they were looked up by position', async () => {
    const teacher = layersTeacher(perceptron(40, 1), { convention: 'logits' });
    const live = await losses(teacher);
    expect(await losses(byPosition(await store('position', teacher)))).not.toEqual(live);
  });

  it('do so for a subset, and for an ensemble with separate members', async () => {
    const weights = { weights: { a: 0.75, b: 0.25 } };
    const members = {
      a: layersTeacher(perceptron(40, 1), { convention: 'logits' }),
      b: layersTeacher(perceptron(30, 9), { convention: 'logits' }),
    };
    const teacher = ensembleTeacher(members, weights);
    const stored = await store('ensemble', teacher);
    const digits = await trainingDigits(700);
    const rows = Int32Array.from({ length: 200 }, (_, index) => 3 * index + 5);
    const subset = asData(select(digits, rows));
    expect(await losses(stored, subset)).toEqual(await losses(teacher, subset));
  });

  it('leave the teacher unchanged, to the bit', async () => {
    const model = perceptron(40, 1);
    const teacher = layersTeacher(model, { convention: 'logits' });
    const before = [await hashOf(model), (await teacher.describe({ taps: [] })).fingerprint];
    await losses(await store('same', teacher));
    expect([await hashOf(model), (await teacher.describe({ taps: [] })).fingerprint]).toEqual(before);
  });

  it('are refused for augmented batches', async () => {
    const teacher = layersTeacher(perceptron(40, 1), { convention: 'logits' });
    const stored = await store('augmented', teacher);
    const augmented: Teacher = {
      ...stored,
      predict: (batch, request) => {
        const inputs = { input: mul(Object.values(batch.inputs)[0] ?? 0, 0.9) };
        return stored.predict({ ...batch, inputs }, request);
      },
    };
    await expect(losses(augmented)).rejects.toMatchObject({ code: 'KD_ID_INPUT' });
  });
});
