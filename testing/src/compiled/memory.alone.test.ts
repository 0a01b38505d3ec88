// What trainings in steps of one call hold: no more after many steps, and nothing when they are over.
import { stepFunctions } from '@kd/core';
import type { BatchStream } from '@kd/data';
import { hint } from '@kd/hint-regressor';
import { adam } from '@kd/optimizers';
import { defineRecipe } from '@kd/recipe';
import { hardTarget, softTarget } from '@kd/soft-target-loss';
import { layersTeacher } from '@kd/teacher';
import { hasTensorflow } from '@kd/testing/tensorflow';
import { train } from '@kd/trainer';
import type { TrainOptions } from '@kd/trainer';
import { add, backend, memory, setBackend, tensor, tensor1d, tidy } from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { handles } from '../step-functions.js';
import { batchSize, classes, dataOf, denseNet, numbersOf } from './small.js';

const isInstalled = (await hasTensorflow()) && stepFunctions() !== undefined;

interface Binding {
  addFunction(...args: readonly unknown[]): unknown;
  removeFunction(name: string): void;
}

/** Runs `body`, and returns the names of the functions that are there after it, and how many were made. */
async function withFunctions(
  body: () => Promise<void>,
): Promise<{ readonly left: number; readonly made: number }> {
  const native = backend() as unknown as { binding: Binding };
  const { binding } = native;
  const names = new Set<unknown>();
  let made = 0;
  native.binding = Object.create(binding, {
    addFunction: {
      value: (...args: readonly unknown[]) => {
        made += 1;
        names.add(args[0]);
        return binding.addFunction(...args);
      },
    },
    removeFunction: {
      value: (name: string) => {
        names.delete(name);
        binding.removeFunction(name);
      },
    },
  }) as Binding;
  try {
    await body();
  } finally {
    native.binding = binding;
  }
  return { left: names.size, made };
}

const held = (): number[] => [memory().numTensors, handles()];
const normalized = (phase?: number): LayersModel =>
  denseNet([layers.batchNormalization({ name: 'norm' })], {}, phase);

/** Lets TensorFlow hold all weights of models, which it does once they are used. */
function upload(...models: readonly LayersModel[]): void {
  for (const weight of models.flatMap(({ weights }) => weights))
    tidy(() => {
      add(weight.read(), 0);
    });
}

const everything = (
  model: LayersModel,
  teaching: LayersModel | undefined,
  options: Partial<TrainOptions>,
): Promise<unknown> => {
  const taps = { student: 'hidden', teacher: 'hidden' };
  const terms = teaching ? [hardTarget(), softTarget({ temperature: 2 }), hint(taps)] : [hardTarget()];
  const teacher = teaching && layersTeacher(teaching, { convention: 'logits' });
  return train(
    defineRecipe({ student: { model, convention: 'logits' }, ...(teacher && { teacher }), terms }),
    {
      ...{ data: dataOf(), epochs: 4, batchSize },
      optimizer: () => adam({ learningRate: 0.001, clipNorm: 1, maxNorm: 3 }),
      ...options,
    },
  );
};

describe.skipIf(!isInstalled)('a training in steps of one call', () => {
  beforeAll(() => setBackend('tensorflow'));

  it('holds as much after five hundred steps as after twenty', async () => {
    const counts: number[][] = [];
    const onBatchEnd = (): void => void counts.push(held());
    const options = { epochs: 170, learningRateMultipliers: { hidden: 0.5 }, callbacks: [{ onBatchEnd }] };
    await everything(normalized(), normalized(5), options);
    expect(counts).toHaveLength(510);
    // The last batch of an epoch is smaller.
    expect(counts.slice(-6)).toEqual(counts.slice(18, 24));
  });

  it.each([true, false])('holds nothing when it is over, with a teacher: %s', async (isTaught) => {
    const [model, teaching] = [normalized(), normalized(5)];
    upload(model, teaching);
    const before = held();
    const { left, made } = await withFunctions(async () => {
      await everything(model, isTaught ? teaching : undefined, { validation: { data: dataOf([4], 4) } });
    });
    upload(model);
    expect(held()).toEqual(before);
    // Gradients, answers, and outputs and metrics of a validation, of batches of two sizes; one update.
    expect(made).toBe(isTaught ? 9 : 7);
    // Those of the teacher stay for the next training, and go with it.
    expect(left).toBe(isTaught ? 2 : 0);
  });

  it.each(['stopped', 'failed'])('holds nothing when it has %s', async (end) => {
    const model = normalized();
    upload(model);
    const before = held();
    const controller = new AbortController();
    const onBatchEnd = (step: number): void => {
      if (step < 8) return;
      if (end === 'failed') throw new Error('failed');
      controller.abort();
    };
    const { left, made } = await withFunctions(async () => {
      const options = { data: dataOf([4], 30), signal: controller.signal, callbacks: [{ onBatchEnd }] };
      await everything(model, undefined, options).catch((error: unknown) => {
        expect(error).toHaveProperty('message', 'failed');
      });
    });
    upload(model);
    expect([left, made]).toEqual([0, 2]);
    expect(held()).toEqual(before);
  });

  it('holds no more than so many functions, however many sizes the batches have', async () => {
    const model = normalized();
    upload(model);
    const before = held();
    const data: BatchStream = function* () {
      for (let rows = 1; rows <= 80; rows++) {
        const count = Math.ceil(rows / 2);
        const labels = tensor1d(Array.from({ length: count }, (_, row) => row % classes), 'int32'); // prettier-ignore
        yield { inputs: { x: tensor(numbersOf([4], rows, count), [count, 4]) }, targets: { labels } };
      }
    };
    const counts: number[][] = [];
    const onBatchEnd = (): void => void counts.push(held());
    const { left, made } = await withFunctions(async () => {
      await everything(model, undefined, { data, epochs: 1, callbacks: [{ onBatchEnd }], ...({ batchSize: undefined } as object) }); // prettier-ignore
    });
    upload(model);
    expect([left, made]).toEqual([0, 41]);
    expect(counts.at(-1)).toEqual(counts.at(9));
    expect(held()).toEqual(before);
  });
});
