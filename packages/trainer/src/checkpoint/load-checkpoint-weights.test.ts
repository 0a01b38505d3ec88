import { expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { dispose, train as optimizers } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../test/memory-store.js';
import { dense, examples, onLabels, options, weightsOf } from '../../test/small.js';
import { loadCheckpointWeights, train } from '../index.js';
import type { CheckpointStore, LoadCheckpointWeightsOptions, TrainOptions } from '../index.js';

await useBackend('cpu');

const net = (seed: number, units = 4, last = 'logits', more: layers.Layer[] = []): LayersModel =>
  sequential({
    layers: [
      dense(seed, { name: 'hidden', units, inputShape: [2] }),
      layers.batchNormalization({ name: 'norm' }),
      dense(seed + 1, { name: last, units: 3 }),
      ...more,
    ],
  });

/** Trains; the weights of the student at the end, and its checkpoints. */
const trained = async (
  more: Partial<TrainOptions>,
): Promise<{ store: ReturnType<typeof memoryStore>; weights: ReturnType<typeof weightsOf> }> => {
  const [model, store] = [net(1), memoryStore()];
  await train(onLabels(model), options(examples(8), { epochs: 3, checkpoint: { store }, ...more }));
  return { store, weights: weightsOf(model) };
};
const loaded = async (
  store: CheckpointStore,
  more?: LoadCheckpointWeightsOptions,
): Promise<ReturnType<typeof weightsOf>> => {
  const model = net(7);
  await loadCheckpointWeights(model, store, more);
  return weightsOf(model);
};
/** The later the epoch, the worse its score. */
const worsening = (): NonNullable<TrainOptions['validation']> => {
  let calls = 0;
  return { data: examples(4), score: () => ++calls };
};

/** Stopped after the second epoch; the first was the best. */
const stopped = (): ReturnType<typeof trained> => {
  const stop = new AbortController();
  const onEvent: TrainOptions['onEvent'] = (event) => {
    if (event.type === 'epoch' && event.epoch === 1) stop.abort();
  };
  return trained({ validation: worsening(), signal: stop.signal, onEvent });
};

describe('loadCheckpointWeights', () => {
  it('loads those of the newest checkpoint, including statistics', async () => {
    const stop = new AbortController();
    const onEvent: TrainOptions['onEvent'] = (event) => {
      if (event.type === 'step' && event.step === 2) stop.abort();
    };
    const { store, weights } = await trained({ signal: stop.signal, onEvent });
    expect(Object.keys(weights)).toContain('norm/moving_mean');
    expect(await loaded(store)).toEqual(weights);
  });

  it('loads those of the best epoch, in the middle of a training and at its end', async () => {
    const part = await stopped();
    // The student ends with its best epoch.
    expect(await loaded(part.store, { epoch: 'best' })).toEqual(part.weights);
    expect(await loaded(part.store)).not.toEqual(part.weights);
    const whole = await trained({ validation: worsening() });
    expect(await loaded(whole.store, { epoch: 'best' })).toEqual(whole.weights);
    expect(await loaded(whole.store, { epoch: 'newest' })).toEqual(whole.weights);
  });

  it('leaves no tensor behind, whether it loads or throws', async () => {
    const { store } = await stopped();
    await expectNoLeak(async () => {
      for (const model of [net(7), net(7, 5)]) {
        await loadCheckpointWeights(model, store).catch(() => undefined);
        dispose(model.weights.map((weight) => weight.read()));
      }
    });
  });

  it.each<[string, () => LayersModel, string[]]>([
    ['shapes', () => net(7, 5), ['"hidden/kernel"', 'float32 [2,5], as in the model', 'float32 [2,4]']],
    ['names', () => net(7, 4, 'other'), ['"other/kernel"', 'float32 [4,3], as in the model', 'absent']],
    [
      'layers',
      () => sequential({ layers: [dense(1, { name: 'hidden', units: 4, inputShape: [2] })] }),
      ['"norm/gamma"', 'absent, as in the model', 'float32 [4]'],
    ],
    [
      'more layers',
      () => net(7, 4, 'logits', [dense(1, { name: 'more', units: 1 })]),
      ['"more/kernel"', 'float32 [3,1]', 'absent'],
    ],
  ])('refuses a model of other %s, which does not change', async (_, make, facts) => {
    const { store } = await trained({ epochs: 1 });
    const model = make();
    const before = weightsOf(model);
    await expectKdError(
      () => loadCheckpointWeights(model, store),
      'KD_CHECKPOINT_MISMATCH',
      'loadCheckpointWeights',
      ...facts,
    );
    expect(weightsOf(model)).toEqual(before);
  });

  it('refuses a checkpoint whose bytes have changed', async () => {
    const { store } = await trained({ epochs: 1 });
    const files = store.saved.at(-1) ?? {};
    const student = Uint8Array.from(files['student.safetensors'] ?? []);
    student[student.length - 1] = 1 + (student.at(-1) ?? 0);
    store.saved.push({ ...files, 'student.safetensors': student });
    await expectKdError(() => loaded(store), 'KD_CHECKPOINT_DAMAGED', 'student.safetensors');
  });

  it('refuses a store without checkpoints, and the best epoch of a training without validation', async () => {
    await expectKdError(() => loaded(memoryStore()), 'KD_OPTION_RANGE', 'store', 'an empty one');
    const { store } = await trained({ epochs: 1, optimizer: () => optimizers.sgd(0.1) });
    const best = (): unknown => loaded(store, { epoch: 'best' });
    await expectKdError(best, 'KD_OPTION_RANGE', 'options.epoch', '"newest"');
    const wrong = (): unknown => loaded(store, { epoch: 'last' } as never);
    await expectKdError(wrong, 'KD_OPTION_RANGE', 'options.epoch', '"last"');
    await expectKdError(() => loaded({} as never), 'KD_OPTION_TYPE', 'store');
  });
});
