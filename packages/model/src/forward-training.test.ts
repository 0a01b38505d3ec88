import {
  div,
  grad,
  max,
  mul,
  ones,
  randomNormal,
  randomUniform,
  serialization,
  sum,
  tensor2d,
  tensor3d,
  tidy,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { input, layers, model as functional, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { expectClose, useBackend } from '@kd/testing';
import { describe, expect, it } from 'vitest';
import { forward } from './forward.js';
import { namedWeights } from './named-weights.js';

await useBackend('cpu');

const values = (tensor: Tensor | undefined): number[] => Array.from(tensor?.dataSync() ?? []);
const dense = (units: number, options = {}) => layers.dense({ units, ...options });
const run = (model: LayersModel, inputs: Tensor, training: boolean, seed?: number): number[] =>
  tidy(() =>
    values(forward(model, [inputs], { training, ...(seed === undefined ? {} : { seed }) }).outputs[0]),
  );
const weightsOf = (model: LayersModel): Record<string, number[]> =>
  Object.fromEntries(namedWeights(model).map(({ name, variable }) => [name, values(variable)]));

describe('batch normalisation in forward', () => {
  const x = tensor2d([
    [1, 10],
    [3, 30],
  ]);
  const normalise = (options = {}) =>
    layers.batchNormalization({ name: 'bn', momentum: 0.9, epsilon: 1e-3, ...options });
  const tolerance = { relative: 1e-5, absolute: 1e-6 };
  const untouched = { mean: [0, 0], variance: [1, 1] };
  const statistics = (model: LayersModel) => {
    const weights = Object.entries(weightsOf(model));
    const of = (end: string): number[] => weights.find(([name]) => name.endsWith(end))?.[1] ?? [];
    return { mean: of('bn/moving_mean'), variance: of('bn/moving_variance') };
  };

  it('uses the batch in training, and updates the statistics once', () => {
    const model = sequential({ layers: [normalise({ inputShape: [2] })] });
    expectClose(run(model, x, true), [-0.9995, -0.999995, 0.9995, 0.999995], tolerance);
    // mean [2, 20], variance [1, 100]; a tenth of the way from 0 and 1.
    expectClose(statistics(model).mean, [0.2, 2], tolerance);
    expectClose(statistics(model).variance, [1, 10.9], tolerance);
  });

  it('updates the statistics of a layer that is applied twice as tfjs does', () => {
    const build = (): LayersModel => {
      const [inputs, shared] = [input({ shape: [2] }), normalise()];
      return functional({ inputs, outputs: shared.apply(shared.apply(inputs)) as SymbolicTensor });
    };
    const [ours, theirs] = [build(), build()];
    run(ours, x, true);
    theirs.apply(x, { training: true });
    expect(statistics(ours)).toEqual(statistics(theirs));
  });

  it('uses the statistics at inference without updating them', () => {
    const model = sequential({ layers: [normalise({ inputShape: [2] })] });
    expectClose(
      run(model, x, false),
      [1, 10, 3, 30].map((value) => value / Math.sqrt(1.001)),
      tolerance,
    );
    expect(statistics(model)).toEqual(untouched);
  });

  /** A model with batch normalisation two models deep. */
  function nested(): { outer: LayersModel; middle: LayersModel; inner: LayersModel } {
    const inner = sequential({ name: 'inner', layers: [normalise({ inputShape: [2] })] });
    const middleIn = input({ shape: [2] });
    const middle = functional({
      name: 'middle',
      inputs: middleIn,
      outputs: inner.apply(middleIn) as SymbolicTensor,
    });
    const outerIn = input({ shape: [2] });
    const outer = functional({ inputs: outerIn, outputs: middle.apply(outerIn) as SymbolicTensor });
    return { outer, middle, inner };
  }

  function expectFrozen(model: LayersModel): void {
    const before = weightsOf(model);
    expect(run(model, x, true)).toEqual(run(model, x, false));
    expect(weightsOf(model)).toEqual(before);
  }

  it('learns in nested models if nothing is frozen', () => {
    const { outer } = nested();
    run(outer, x, true);
    expectClose(statistics(outer).mean, [0.2, 2], tolerance);
  });

  it.each<['outer' | 'middle' | 'inner']>([['outer'], ['middle'], ['inner']])(
    'is frozen with the %s model around it',
    (which) => {
      const models = nested();
      models[which].trainable = false;
      expectFrozen(models.outer);
      models[which].trainable = true;
      run(models.outer, x, true);
      expect(statistics(models.outer)).not.toEqual(untouched);
    },
  );

  it('is frozen with its layer, alone or distributed over time', () => {
    const alone = sequential({ layers: [normalise({ inputShape: [2] })] });
    (alone.layers[0] as { trainable: boolean }).trainable = false;
    expectFrozen(alone);
    const overTime = layers.timeDistributed({ layer: normalise(), inputShape: [2, 2] });
    const model = sequential({ layers: [overTime] });
    overTime.trainable = false;
    const sequences = tensor3d([1, 2, 3, 4, 5, 6, 7, 8], [2, 2, 2]);
    const before = weightsOf(model);
    run(model, sequences, true);
    expect(weightsOf(model)).toEqual(before);
  });

  it('is frozen with a model that starts a Sequential', () => {
    const backbone = sequential({ layers: [normalise({ inputShape: [2] })] });
    const model = sequential({ layers: [backbone, dense(2)] });
    backbone.trainable = false;
    expectFrozen(model);
  });

  it('is frozen with a model on whose outputs another one was built', () => {
    const backbone = sequential({ layers: [dense(2, { inputShape: [2] }), normalise()] });
    const model = functional({
      inputs: backbone.inputs,
      outputs: dense(2).apply(backbone.outputs) as SymbolicTensor,
    });
    backbone.trainable = false;
    expectFrozen(model);
    expect(
      namedWeights(model)
        .filter(({ trainable }) => trainable)
        .map(({ variable }) => variable.shape),
    ).toEqual([[2, 2], [2]]);
  });
});

/** Scales its input by a running maximum that no gradient trains. */
class RunningMax extends layers.Layer {
  static readonly className = 'RunningMax';
  override build(): void {
    this.addWeight('maximum', [], 'float32', { apply: () => ones([]) } as never, undefined, false);
    super.build([]);
  }
  override call(inputs: Tensor | Tensor[], { training }: { training?: boolean }): Tensor {
    const [x] = [inputs].flat() as [Tensor];
    const [maximum] = this.weights as [LayersModel['weights'][number]];
    if (training === true) maximum.write(max(x));
    return div(x, maximum.read());
  }
}
serialization.registerClass(RunningMax);

const wide = ones([2, 40]);

describe('dropout in forward', () => {
  const drop = (options = {}) => layers.dropout({ rate: 0.5, ...options });
  const model = (): LayersModel => sequential({ layers: [drop({ inputShape: [40] })] });

  it('drops units at its rate in training, and none at inference', () => {
    const outputs = run(model(), ones([10, 40]), true, 1);
    expect(new Set(outputs)).toEqual(new Set([0, 2]));
    const share = outputs.filter((value) => value === 0).length / outputs.length;
    // 400 draws: four standard deviations are 0.1.
    expect(Math.abs(share - 0.5)).toBeLessThan(0.1);
    expect(new Set(run(model(), wide, false, 1))).toEqual(new Set([1]));
  });

  it('repeats its mask with the same seed, and changes it with another seed', () => {
    const [one, two] = [model(), model()];
    expect(run(one, wide, true, 1)).toEqual(run(one, wide, true, 1));
    expect(run(one, wide, true, 1)).not.toEqual(run(one, wide, true, 2));
    // Whatever the layers are called, which depends on how many a process has made.
    expect(run(one, wide, true, 1)).toEqual(run(two, wide, true, 1));
  });

  it('differs every time without a seed', () => {
    const subject = model();
    expect(run(subject, wide, true)).not.toEqual(run(subject, wide, true));
  });

  it('has a separate mask in each layer, and in each application of a layer', () => {
    const inputs = input({ shape: [40] });
    const [one, two] = [drop(), drop()];
    const outputs = [one, two, one].map((layer) => layer.apply(inputs) as SymbolicTensor);
    const subject = functional({ inputs, outputs });
    const masks = tidy(() => forward(subject, [wide], { training: true, seed: 1 }).outputs).map(values);
    expect(new Set(masks.map(String)).size).toBe(3);
  });

  it('has its own seed replaced during a forward pass, and restored afterwards', () => {
    const subject = sequential({ layers: [drop({ seed: 42, inputShape: [40] })] });
    const authors = run(subject, wide, true);
    expect(run(subject, wide, true, 1)).not.toEqual(run(subject, wide, true, 2));
    expect(subject.layers[0]).toHaveProperty('seed', 42);
    expect(run(subject, wide, true)).toEqual(authors);
  });

  it('stays on in a frozen model, because it has no weights to protect', () => {
    const inputs = input({ shape: [40] });
    const inner = model();
    inner.trainable = false;
    const subject = functional({ inputs, outputs: inner.apply(inputs) as SymbolicTensor });
    expect(run(subject, wide, true, 1)).toContain(0);
  });

  it('passes gradients through its mask', () => {
    const subject = model();
    const outputs = run(subject, wide, true, 5);
    const gradient = grad((x) =>
      sum(forward(subject, [x], { training: true, seed: 5 }).outputs[0] as Tensor),
    )(wide);
    expect(values(gradient)).toEqual(outputs);
  });
});

describe('other random layers in forward', () => {
  const sequences = randomNormal([2, 3, 8], 0, 1, 'float32', 11);
  const recurrent = { units: 8, recurrentInitializer: 'glorotUniform' } as const;
  const dropped = { ...recurrent, dropout: 0.5, recurrentDropout: 0.5 } as const;
  const first = { inputShape: [3, 8] };

  it.each<[string, () => LayersModel]>([
    ['simpleRNN', () => sequential({ layers: [layers.simpleRNN({ ...dropped, ...first })] })],
    ['gru', () => sequential({ layers: [layers.gru({ ...dropped, ...first })] })],
    ['lstm', () => sequential({ layers: [layers.lstm({ ...dropped, ...first })] })],
    [
      'rnn of a cell',
      () => sequential({ layers: [layers.rnn({ cell: layers.lstmCell(dropped), ...first })] }),
    ],
    [
      'rnn of two cells',
      () =>
        sequential({
          layers: [layers.rnn({ cell: [layers.gruCell(dropped), layers.lstmCell(dropped)], ...first })],
        }),
    ],
    [
      'bidirectional',
      () =>
        sequential({
          layers: [layers.bidirectional({ layer: layers.gru(dropped), mergeMode: 'concat', ...first })],
        }),
    ],
    [
      'timeDistributed',
      () =>
        sequential({ layers: [layers.timeDistributed({ layer: layers.dropout({ rate: 0.5 }), ...first })] }),
    ],
    [
      'timeDistributed over a layer with a seed of its own',
      () =>
        sequential({
          layers: [layers.timeDistributed({ layer: layers.dropout({ rate: 0.5, seed: 3 }), ...first })],
        }),
    ],
    [
      'timeDistributed over a model',
      () =>
        sequential({
          layers: [
            layers.timeDistributed({
              layer: sequential({ layers: [layers.dropout({ rate: 0.5, inputShape: [8] })] }),
              ...first,
            }),
          ],
        }),
    ],
    ['gaussianNoise', () => sequential({ layers: [layers.gaussianNoise({ stddev: 1, ...first })] })],
    ['gaussianDropout', () => sequential({ layers: [layers.gaussianDropout({ rate: 0.5, ...first })] })],
    ['alphaDropout', () => sequential({ layers: [layers.alphaDropout({ rate: 0.5, ...first })] })],
  ])('%s repeats with the seed', (_, build) => {
    const model = build();
    const [one, two] = [run(model, sequences, true, 1), run(model, sequences, true, 2)];
    const quiet = run(model, sequences, false);
    expect(one.every(Number.isFinite)).toBe(true);
    expect(one).not.toEqual(two);
    expect(one).not.toEqual(quiet);
    // In another order, and after a run at inference, which must leave no masks of ones behind.
    expect(run(model, sequences, true, 2)).toEqual(two);
    expect(run(model, sequences, true, 1)).toEqual(one);
    expect(run(model, sequences, false)).toEqual(quiet);
    model.predict(sequences);
    expect(run(model, sequences, true, 1)).toEqual(one);
  });

  it('recurrent dropout has gradients for the masks that it drew', () => {
    const model = sequential({ layers: [layers.lstm({ ...recurrent, dropout: 0.5, ...first })] });
    const gradient = grad((x) => sum(forward(model, [x], { training: true, seed: 4 }).outputs[0] as Tensor))(
      sequences,
    );
    const step = 1e-2;
    const bumped = Array.from(sequences.dataSync());
    const total = (shift: number): number =>
      run(model, tensor3d(bumped.with(20, (bumped[20] ?? 0) + shift), [2, 3, 8]), true, 4).reduce(
        (a, b) => a + b,
        0,
      );
    const index20 = values(gradient)[20] ?? NaN;
    expect(index20).toBeCloseTo((total(step) - total(-step)) / (2 * step), 2);
    // An input that is dropped has no gradient in any step: the mask is one for all steps.
    const zeros = values(gradient)
      .slice(0, 8)
      .filter((value) => value === 0).length;
    expect(zeros).toBeGreaterThan(0);
    expect(zeros).toBeLessThan(8);
  });

  it('a user’s own layers draw from the seed, through tfjs and through Math.random', () => {
    class Noise extends layers.Layer {
      static readonly className = 'Noise';
      override call(inputs: Tensor | Tensor[]): Tensor {
        const [x] = [inputs].flat() as [Tensor];
        return mul(mul(x, randomUniform(x.shape, 0, 1)), Math.random());
      }
    }
    const model = sequential({ layers: [new Noise({ inputShape: [40] })] });
    expect(run(model, wide, true, 1)).toEqual(run(model, wide, true, 1));
    expect(run(model, wide, true, 1)).not.toEqual(run(model, wide, true, 2));
  });

  it('a user’s own layers may refer to each other', () => {
    class Linked extends layers.Layer {
      static readonly className = 'Linked';
      layer: unknown = this;
      cells: unknown = [null, 1, 'text'];
    }
    const model = sequential({ layers: [new Linked({ inputShape: [40] }), layers.dropout({ rate: 0.5 })] });
    expect(run(model, wide, true, 1)).toEqual(run(model, wide, true, 1));
  });

  it('a user’s own layers with only statistics learn unless they are frozen', () => {
    const layer = new RunningMax({ inputShape: [2] });
    const model = sequential({ layers: [layer] });
    expect(run(model, tensor2d([[2, 4]]), true)).toEqual([0.5, 1]);
    layer.trainable = false;
    expect(run(model, tensor2d([[2, 8]]), true)).toEqual([0.5, 2]);
  });
});
