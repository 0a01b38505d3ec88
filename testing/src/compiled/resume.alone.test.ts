// Trainings in steps of one call that are interrupted and resumed, compared with whole ones, to the bit.
import { stepFunctions } from '@kd/core';
import { adam } from '@kd/optimizers';
import type { AdamOptimizer } from '@kd/optimizers';
import { defineRecipe } from '@kd/recipe';
import { hardTarget, softTarget } from '@kd/soft-target-loss';
import { layersTeacher } from '@kd/teacher';
import { hasTensorflow } from '@kd/testing/tensorflow';
import { train } from '@kd/trainer';
import type { CheckpointFiles, CheckpointStore } from '@kd/trainer';
import { dispose, setBackend } from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { weightsOf } from './both-ways.js';
import { batchSize, dataOf, denseNet } from './small.js';

const isInstalled = (await hasTensorflow()) && stepFunctions() !== undefined;

/** Ten batches in each of two epochs, the last one smaller. */
const [examples, steps] = [28, 20];

type Compile = 'auto' | 'never';

/** Keeps the last checkpoint. */
function storeOfOne(): CheckpointStore {
  let kept: CheckpointFiles | undefined;
  return {
    save: (files) => {
      kept = files;
      return Promise.resolve();
    },
    load: () => Promise.resolve(kept && { name: 'kept', files: kept }),
  };
}

/** An optimizer whose state is noted before it is disposed. */
function noting(note: (state: unknown) => void): AdamOptimizer {
  const optimizer = adam({ learningRate: 0.02, clipNorm: 1 });
  const end = optimizer.dispose.bind(optimizer);
  optimizer.dispose = () => {
    const { tensors, numbers } = optimizer.getState();
    note([Object.values(tensors).map((one) => Array.from(one.dataSync())), Object.values(numbers)]);
    dispose(tensors);
    end();
  };
  return optimizer;
}

/** Trains a student to the end, or until `last` steps are taken. */
async function trained(
  compile: Compile,
  store: CheckpointStore,
  last = Infinity,
  phase = 2,
): Promise<unknown> {
  const net = (of: number): LayersModel => denseNet([layers.batchNormalization({ name: 'norm' })], {}, of);
  const model = net(phase);
  const teacher = layersTeacher(net(5), { convention: 'logits' });
  const terms = [hardTarget(), softTarget({ temperature: 2 })];
  const controller = new AbortController();
  let state: unknown;
  await train(defineRecipe({ student: { model, convention: 'logits' }, teacher, terms }), {
    ...{ data: dataOf([4], examples), batchSize, epochs: 2, compile, signal: controller.signal },
    optimizer: () => noting((noted) => (state = noted)),
    checkpoint: { store, resume: true },
    onEvent: (event) => {
      if (event.type === 'step' && event.step + 1 === last) controller.abort();
    },
  });
  return [weightsOf(model), state];
}

describe.skipIf(!isInstalled)('a training in steps of one call', () => {
  let whole: unknown;
  beforeAll(async () => {
    await setBackend('tensorflow');
    whole = await trained('never', storeOfOne());
  });

  const ways: readonly (readonly [Compile, Compile])[] = [['auto', 'auto'], ['auto', 'never'], ['never', 'auto']]; // prettier-ignore
  const cases = Array.from({ length: steps }, (_, index) => {
    const [before, after] = ways[index % ways.length] as (typeof ways)[number];
    return [index + 1, before, after] as const;
  });

  it('ends like an eager one', async () => {
    expect(await trained('auto', storeOfOne())).toEqual(whole);
  });

  it.each(cases)(
    'ends so if it is stopped after step %d, with %s, and resumed with %s',
    async (step, before, after) => {
      const store = storeOfOne();
      await trained(before, store, step);
      // The weights that it begins with do not matter.
      expect(await trained(after, store, Infinity, 8)).toEqual(whole);
    },
  );

  it('ends so if it is stopped again and again', async () => {
    const store = storeOfOne();
    for (const step of [3, 7, 9, 10, 11, 17]) await trained('auto', store, step);
    expect(await trained('auto', store)).toEqual(whole);
  });
});
