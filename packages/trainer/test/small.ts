import { defineTerm } from '@kd/core';
import { namedWeights } from '@kd/model';
import type { Batch, Teacher, Term } from '@kd/core';
import { defineRecipe } from '@kd/recipe';
import type { Recipe } from '@kd/recipe';
import { hardTarget } from '@kd/soft-target-loss';
import { mean, train as optimizers, zeros } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel, Sequential } from '@tensorflow/tfjs-layers';
import type { TrainEvent, TrainOptions } from '../src/index.js';
import type { InMemoryData } from '@kd/data';

type DenseOptions = Parameters<typeof layers.dense>[0];

/** The numbers of a tensor. */
export const values = (tensor: Tensor | undefined): number[] => Array.from(tensor?.dataSync() ?? []);

/** A dense layer whose initial weights depend on `seed` alone. */
export function dense(seed: number, options: DenseOptions): layers.Layer {
  return layers.dense({ kernelInitializer: initializers.glorotUniform({ seed }), ...options });
}

/** A net with two inputs, one hidden layer and three logits. */
export function net(seed = 1, between: readonly layers.Layer[] = []): Sequential {
  return sequential({
    layers: [
      dense(seed, { units: 4, activation: 'tanh', inputShape: [2] }),
      ...between,
      dense(seed + 1, { units: 3 }),
    ],
  });
}

/** Every weight of a model, including statistics. */
export const weightsOf = (model: LayersModel): Record<string, number[]> =>
  Object.fromEntries(namedWeights(model).map(({ name, variable }) => [name, values(variable)]));

/** The same without names, to compare models that were built separately. */
export const numbersOf = (model: LayersModel): number[] => Object.values(weightsOf(model)).flat();

/** Training on the labels alone. */
export const onLabels = (model: LayersModel): Recipe =>
  defineRecipe({ student: { model, convention: 'logits' }, terms: [hardTarget()] });

/** Examples of three classes, `[n, 2]`, all different. */
export function examples(
  n: number,
  classes = 3,
): { inputs: { values: Float32Array; shape: number[] }; labels: Int32Array } {
  const inputs = Float32Array.from({ length: 2 * n }, (_, index) => Math.sin(1 + index * index));
  return {
    inputs: { values: inputs, shape: [n, 2] },
    labels: Int32Array.from({ length: n }, (_, row) => row % classes),
  };
}

/** Options that most trainings of the tests share. */
export const options = (
  data: InMemoryData | TrainOptions['data'],
  more: Partial<TrainOptions> = {},
): TrainOptions => ({
  data,
  epochs: 1,
  batchSize: 4,
  optimizer: () => optimizers.sgd(0.1),
  ...more,
});

/**
 * Collects events, and returns those of one type. Those of compilation depend on the backend, and are left
 * out.
 */
export function recorder(): {
  readonly events: TrainEvent[];
  readonly onEvent: (event: TrainEvent) => void;
  readonly of: <Type extends TrainEvent['type']>(type: Type) => Extract<TrainEvent, { type: Type }>[];
} {
  const events: TrainEvent[] = [];
  return {
    events,
    onEvent: (event) => {
      if (event.type !== 'compile') events.push(event);
    },
    of: (type) =>
      events.filter((event): event is Extract<TrainEvent, { type: typeof type }> => event.type === type),
  };
}

/** What to put into a recipe beside the student, so that `watch` sees each batch of a training on labels. */
export function watching(watch: (batch: Batch) => void): { teacher: Teacher; terms: Term[] } {
  const teacher: Teacher = {
    describe: () =>
      Promise.resolve({
        outputs: { seen: { convention: 'values', shape: [null, 1] } },
        taps: [],
        fingerprint: 'watching',
        frozen: true,
      }),
    predict: (batch) => {
      watch(batch);
      const rows = Object.values(batch.inputs)[0]?.shape[0] ?? 0;
      return { members: [{ outputs: { seen: zeros([rows, 1]) }, weight: 1 }], taps: [] };
    },
  };
  const reading = defineTerm({
    name: 'reading',
    weight: 0,
    reads: { teacher: { seen: { as: 'values' } } },
    loss: (batch) => ({ values: mean(batch.teacher.seen, 1) }),
  });
  return { teacher, terms: [hardTarget(), reading] };
}
