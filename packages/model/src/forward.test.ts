import {
  randomNormal,
  serialization,
  split,
  tensor1d,
  tensor2d,
  tensor3d,
  tidy,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { input, layers, model as functional, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forward } from './forward.js';
import { applicationsOf, isContainer } from './model-graph.js';
import { namedWeights } from './named-weights.js';
import { listTaps, resolveTap } from './resolve-tap.js';

type Apply = SymbolicTensor | SymbolicTensor[];
const dense = (units: number, options = {}) => layers.dense({ units, ...options });
const apply = (layer: { apply(x: Apply): unknown }, x: Apply): SymbolicTensor =>
  layer.apply(x) as SymbolicTensor;
const values = (tensors: Tensor | Tensor[]): number[][] =>
  [tensors].flat().map((tensor) => Array.from(tensor.dataSync()));

/** Expects the outputs of `forward` to be those of tfjs's own executor, to the bit, in both modes. */
function expectAgrees(model: LayersModel, ...inputs: Tensor[]): void {
  tidy(() => {
    const predicted = values(model.predict(inputs));
    const applied = values(model.apply(inputs, { training: true }) as Tensor | Tensor[]);
    expect(values(forward(model, inputs, { training: false }).outputs), 'predict').toEqual(predicted);
    expect(values(forward(model, inputs, { training: true }).outputs), 'apply').toEqual(applied);
  });
}

/** Splits the last axis in two. */
class Halves extends layers.Layer {
  static readonly className = 'Halves';
  override computeOutputShape(shape: number[]): number[][] {
    return [0, 1].map(() => [...shape.slice(0, -1), (shape.at(-1) ?? 0) / 2]);
  }
  override call(inputs: Tensor | Tensor[]): Tensor[] {
    return tidy(() => split([inputs].flat()[0] as Tensor, 2, -1));
  }
}
serialization.registerClass(Halves);

function branched(): LayersModel {
  const a = input({ shape: [3] });
  const b = input({ shape: [2] });
  const hidden = apply(dense(4, { activation: 'tanh' }), a);
  const joined = apply(layers.concatenate(), [hidden, b]);
  const left = apply(dense(5, { activation: 'relu' }), joined);
  const right = apply(layers.multiply(), [apply(dense(5), b), left]);
  return functional({ inputs: [a, b], outputs: [apply(layers.add(), [left, right]), hidden, right] });
}

await useBackend('cpu');

describe('forward computes what tfjs computes', () => {
  const x = tensor2d([
    [0.3, -1, 2],
    [-0.7, 0.1, 0.9],
  ]);

  it('in a model with branches, two inputs and three outputs', () => {
    expectAgrees(branched(), x, tensor2d([1, -2, 0.5, 4], [2, 2]));
  });

  it('in a Sequential that never ran, and again after a layer was added', () => {
    const model = sequential({ layers: [dense(4, { inputShape: [3], activation: 'relu' }), dense(2)] });
    const first = values(forward(model, [x], { training: false }).outputs);
    expect(first).toEqual(values(model.predict(x)));
    model.add(dense(3, { activation: 'softmax' }));
    const second = values(forward(model, [x], { training: false }).outputs);
    // tfjs itself goes on to predict without the new layer until it is built again.
    model.build();
    expect(second).toEqual(values(model.predict(x)));
  });

  it('in a Sequential inside a functional model inside a functional model', () => {
    const block = sequential({ layers: [dense(4, { inputShape: [3], activation: 'relu' }), dense(3)] });
    const middleIn = input({ shape: [3] });
    const middle = functional({
      inputs: middleIn,
      outputs: apply(layers.add(), [middleIn, apply(block, middleIn)]),
    });
    const outerIn = input({ shape: [3] });
    expectAgrees(functional({ inputs: outerIn, outputs: apply(dense(2), apply(middle, outerIn)) }), x);
  });

  it('in a Sequential that starts with a model', () => {
    const block = sequential({ layers: [dense(4, { inputShape: [3], activation: 'relu' })] });
    expectAgrees(sequential({ layers: [block, dense(2)] }), x);
    expectAgrees(sequential({ layers: [block] }), x);
  });

  it('in a model with a layer that is applied twice, and is shared with another model', () => {
    const shared = dense(3, { activation: 'tanh' });
    const otherIn = input({ shape: [3] });
    const other = functional({ inputs: otherIn, outputs: apply(shared, apply(dense(3), otherIn)) });
    const a = input({ shape: [3] });
    const model = functional({ inputs: a, outputs: apply(shared, apply(shared, a)) });
    expectAgrees(model, x);
    expectAgrees(other, x);
  });

  it('in a model that applies a nested model twice, on different inputs', () => {
    const tower = sequential({ layers: [dense(4, { inputShape: [3], activation: 'relu' })] });
    const a = input({ shape: [3] });
    const b = input({ shape: [3] });
    const twins = apply(layers.concatenate(), [apply(tower, a), apply(tower, b)]);
    expectAgrees(functional({ inputs: [a, b], outputs: twins }), x, tensor2d([1, 2, 3, 4, 5, 6], [2, 3]));
  });

  it('in a layer with several outputs, used and unused', () => {
    const a = input({ shape: [3] });
    const [first, second] = new Halves({}).apply(apply(dense(4), a)) as [SymbolicTensor, SymbolicTensor];
    expectAgrees(
      functional({ inputs: a, outputs: apply(layers.add(), [first, apply(dense(2), second)]) }),
      x,
    );
    expectAgrees(functional({ inputs: a, outputs: second }), x);
  });

  it('in a model that passes inputs through, and returns an output twice', () => {
    const innerIn = [input({ shape: [3] }), input({ shape: [2] })] as const;
    const y = apply(dense(2), innerIn[0]);
    const inner = functional({ inputs: [...innerIn], outputs: [innerIn[1], y, apply(layers.add(), [y, y])] });
    const a = input({ shape: [3] });
    const b = input({ shape: [2] });
    const [passed, once, doubled] = inner.apply([a, apply(dense(2), b)]) as SymbolicTensor[];
    const outputs = apply(layers.add(), [passed, once, doubled, b] as SymbolicTensor[]);
    expectAgrees(functional({ inputs: [a, b], outputs: [outputs, b] }), x, tensor2d([1, 2, 3, 4], [2, 2]));
  });

  it('for int32 inputs, which are cast to the dtype of the model', () => {
    const model = sequential({ layers: [layers.conv1d({ filters: 2, kernelSize: 2, inputShape: [3, 1] })] });
    expectAgrees(model, tensor3d([1, 2, 3, 4, 5, 6], [2, 3, 1], 'int32'));
  });

  it('in convolutions, pooling and batch normalisation at inference', () => {
    const model = sequential({
      layers: [
        layers.conv2d({ filters: 3, kernelSize: 3, activation: 'relu', inputShape: [6, 6, 2] }),
        layers.batchNormalization({ movingMeanInitializer: 'ones' }),
        layers.maxPooling2d({ poolSize: 2 }),
        layers.flatten(),
        dense(3, { activation: 'softmax' }),
      ],
    });
    const images = randomNormal([2, 6, 6, 2], 0, 1, 'float32', 7);
    expect(values(forward(model, [images], { training: false }).outputs)).toEqual(
      values(model.predict(images)),
    );
  });

  it('in any model of branches, shared layers and nested models', () => {
    const width = 3;
    const step = fc.record({
      kind: fc.constantFrom('dense', 'shared', 'nested', 'add', 'halves', 'identity'),
      from: fc.tuple(fc.nat(), fc.nat()),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), fc.nat(), (steps, last) => {
        const inputs = [input({ shape: [width] }), input({ shape: [width] })];
        const shared = dense(width, { activation: 'tanh' });
        const nestedIn = input({ shape: [width] });
        const nested = functional({
          inputs: nestedIn,
          outputs: [apply(shared, apply(dense(width), nestedIn)), nestedIn],
        });
        const made = [...inputs];
        for (const { kind, from } of steps) {
          const [a, b] = from.map((index) => made[index % made.length]) as [SymbolicTensor, SymbolicTensor];
          if (kind === 'dense') made.push(apply(dense(width), a));
          if (kind === 'shared') made.push(apply(shared, a));
          if (kind === 'nested') made.push(...(nested.apply(a) as SymbolicTensor[]));
          // tfjs cannot predict with a value that is added to itself; see below.
          if (kind === 'add' && a !== b) made.push(apply(layers.add(), [a, b]));
          if (kind === 'identity') made.push(apply(layers.activation({ activation: 'linear' }), a));
          if (kind === 'halves')
            made.push(...(new Halves({}).apply(apply(dense(2 * width), a)) as SymbolicTensor[]));
        }
        // Some of the values, so that others have no use at all; the inputs all in, so that the model is one.
        const outputs = [...inputs, made.at(-1), made[last % made.length]] as SymbolicTensor[];
        expectAgrees(
          functional({ inputs, outputs: [...new Set(outputs)] }),
          tensor2d([1, 2, 3], [1, width]),
          tensor2d([-1, 0.5, 2], [1, width]),
        );
      }),
      { numRuns: 40 },
    );
  });

  it('in training, for a layer that reads a value twice, which tfjs frees too early at inference', () => {
    const a = input({ shape: [3] });
    const hidden = apply(dense(3), a);
    const outputs = [apply(layers.add(), [hidden, hidden]), apply(dense(3), hidden)];
    const model = functional({ inputs: a, outputs });
    expect(() => model.predict(x)).toThrow();
    const applied = values(model.apply(x, { training: true }) as Tensor[]);
    expect(values(forward(model, [x], { training: true }).outputs)).toEqual(applied);
    expect(values(forward(model, [x], { training: false }).outputs)).toEqual(applied);
  });

  it('in a model of 5,000 layers', () => {
    const model = sequential();
    model.add(dense(1, { inputShape: [1], kernelInitializer: 'ones' }));
    for (let depth = 1; depth < 5000; depth++) model.add(layers.activation({ activation: 'linear' }));
    expect(listTaps(model)).toHaveLength(5000);
    const { outputs } = tidy(() => forward(model, [tensor2d([[7]])], { training: false }));
    expect(values(outputs)).toEqual([[7]]);
  });
});

describe('forward with recurrent layers and masks', () => {
  const tokens = tensor2d([
    [1, 2, 0, 3, 0],
    [4, 1, 1, 0, 0],
  ]);
  // The default initializer of recurrent kernels needs the union package.
  const recurrent = { units: 4, recurrentInitializer: 'glorotUniform' } as const;
  const embedding = (options = {}) =>
    layers.embedding({ inputDim: 6, outputDim: 3, maskZero: true, inputLength: 5, ...options });
  const lstm = (options = {}) => layers.lstm({ ...recurrent, ...options });
  const onTokens = (outputs: (tokens: SymbolicTensor) => SymbolicTensor | SymbolicTensor[]): LayersModel => {
    const inputs = input({ shape: [5] });
    return functional({ inputs, outputs: outputs(inputs) });
  };

  it.each<[string, () => LayersModel]>([
    ['a simple RNN', () => sequential({ layers: [embedding(), layers.simpleRNN(recurrent)] })],
    ['a GRU', () => sequential({ layers: [embedding(), layers.gru(recurrent)] })],
    ['two LSTMs', () => sequential({ layers: [embedding(), lstm({ returnSequences: true }), lstm()] })],
    [
      'a bidirectional layer',
      () =>
        sequential({
          layers: [
            embedding(),
            layers.bidirectional({ layer: lstm({ returnSequences: true }), mergeMode: 'concat' }),
            lstm(),
          ],
        }),
    ],
    [
      'a layer that is distributed over time',
      () => sequential({ layers: [embedding(), layers.timeDistributed({ layer: dense(3) }), lstm()] }),
    ],
    [
      'a layer between that knows no masks',
      () =>
        sequential({
          layers: [embedding(), layers.conv1d({ filters: 3, kernelSize: 3, padding: 'same' }), lstm()],
        }),
    ],
    [
      'a mask from outside for a nested model',
      () => {
        const inner = sequential({ layers: [lstm({ inputShape: [5, 3] })] });
        return onTokens((x) => apply(inner, apply(embedding(), x)));
      },
    ],
    [
      'a mask from inside a nested model',
      () => {
        const inner = sequential({ layers: [embedding()] });
        return onTokens((x) => apply(lstm(), apply(inner, x)));
      },
    ],
    [
      'a mask of a model that starts a Sequential',
      () => sequential({ layers: [onTokens((x) => apply(embedding(), x)), lstm()] }),
    ],
    [
      'a masked branch beside one that is not',
      () =>
        onTokens((x) => {
          const masked = apply(lstm(), apply(embedding(), x));
          const unmasked = apply(lstm(), apply(embedding({ maskZero: false }), x));
          return [apply(layers.multiply(), [masked, unmasked]), apply(layers.add(), [unmasked, masked])];
        }),
    ],
    [
      'a concatenation of masked and unmasked values',
      () =>
        onTokens((x) =>
          apply(
            lstm(),
            apply(layers.concatenate(), [apply(embedding(), x), apply(embedding({ maskZero: false }), x)]),
          ),
        ),
    ],
    [
      'an encoder whose states start a decoder',
      () =>
        onTokens((x) => {
          const [, h, c] = lstm({ returnState: true }).apply(apply(embedding(), x)) as SymbolicTensor[];
          return apply(lstm(), [apply(embedding(), x), h, c] as SymbolicTensor[]);
        }),
    ],
  ])('agrees with tfjs on %s', (_, build) => {
    expectAgrees(build(), tokens);
  });

  it('uses the mask: padded steps change nothing', () => {
    const model = sequential({ layers: [embedding(), layers.simpleRNN(recurrent)] });
    const run = (row: number[]): number[][] =>
      values(forward(model, [tensor2d([row])], { training: true }).outputs);
    expect(run([0, 1, 0, 2, 3])).toEqual(run([1, 2, 3, 0, 0]));
    expect(run([1, 2, 3, 0, 0])).not.toEqual(run([1, 2, 4, 0, 0]));
  });

  it('trains and predicts the same where tfjs cannot train: a masked recurrent layer in a nested model, then another one', () => {
    const inner = sequential({ layers: [embedding(), lstm({ returnSequences: true })] });
    const model = onTokens((x) => apply(lstm(), apply(inner, x)));
    const predicted = values(model.predict(tokens));
    expect(values(forward(model, [tokens], { training: false }).outputs)).toEqual(predicted);
    expect(values(forward(model, [tokens], { training: true }).outputs)).toEqual(predicted);
  });

  it('returns output and states of an LSTM, which share a tensor', () => {
    const [y, h, c] = lstm({ returnState: true }).apply(input({ shape: [5, 3] })) as [
      SymbolicTensor,
      SymbolicTensor,
      SymbolicTensor,
    ];
    const wide = apply(dense(2), y);
    const model = functional({
      inputs: y.inputs,
      outputs: [wide, apply(layers.add(), [apply(dense(2), h), apply(dense(2), c)])],
    });
    const x = randomNormal([2, 5, 3], 0, 1, 'float32', 3);
    expect(values(forward(model, [x], { training: false }).outputs)).toEqual(
      values(model.apply(x, { training: true }) as Tensor[]),
    );
  });

  it('carries over the states of a stateful layer', () => {
    const build = (): LayersModel =>
      sequential({ layers: [lstm({ stateful: true, batchInputShape: [2, 5, 3] }), dense(2)] });
    const [ours, theirs] = [build(), build()];
    theirs.setWeights(ours.getWeights());
    const x = randomNormal([2, 5, 3], 0, 1, 'float32', 3);
    const run = (): number[][] => values(tidy(() => forward(ours, [x], { training: false }).outputs));
    const [first, second] = [run(), run()];
    expect([first, second]).toEqual([values(theirs.predict(x)), values(theirs.predict(x))]);
    expect(second).not.toEqual(first);
  });
});

describe('forward leaves the model unchanged', () => {
  /** Everything of a model that a run could change. */
  function stateOf(model: LayersModel): unknown {
    const layersOf = (container: LayersModel): LayersModel['layers'] =>
      container.layers.flatMap((layer) => (isContainer(layer) ? [layer, ...layersOf(layer)] : [layer]));
    return {
      json: model.toJSON(null, true),
      weights: namedWeights(model).map(({ name, variable, trainable }) => [
        name,
        trainable,
        Array.from(variable.dataSync()),
      ]),
      layers: [model, ...layersOf(model)].map((layer) => [
        layer.name,
        layer.trainable,
        layer.inboundNodes.length,
        layer.outboundNodes.length,
        // Not what changes by itself: the caches of tfjs.
        Object.keys(layer).filter((key) => key !== 'model'),
        (layer as { seed?: number }).seed,
        (layer as { activation?: object }).activation,
      ]),
    };
  }

  function model(): LayersModel {
    const inner = sequential({
      name: 'inner',
      layers: [
        dense(4, { inputShape: [3], activation: 'relu' }),
        layers.dropout({ rate: 0.5, seed: 42 }),
        dense(3),
      ],
    });
    const x = input({ shape: [3] });
    const shared = dense(3, { name: 'shared', activation: 'tanh' });
    return functional({ inputs: x, outputs: apply(shared, apply(inner, apply(shared, x))) });
  }

  it.each([true, false])('training: %s', (training) => {
    const subject = model();
    const taps = listTaps(subject).flatMap(({ key, shape, activation, hasActivation }) => [
      { key, shape, activation, at: 'output' } as const,
      ...(hasActivation ? [{ key, shape, activation, at: 'preActivation' } as const] : []),
    ]);
    expect(taps).toHaveLength(10);
    const before = stateOf(subject);
    const random = Math.random;
    tidy(() => forward(subject, [tensor2d([[1, 2, 3]])], { training, seed: 3, taps }));
    expect(stateOf(subject)).toEqual(before);
    expect(Math.random).toBe(random);
  });

  it('even if a layer throws', () => {
    const subject = sequential({
      layers: [
        dense(4, { inputShape: [3], activation: 'relu', name: 'hidden' }),
        layers.dropout({ rate: 0.5, seed: 42 }),
      ],
    });
    const before = stateOf(subject);
    const random = Math.random;
    const run = (x: Tensor): unknown =>
      forward(subject, [x], {
        training: true,
        seed: 1,
        taps: [resolveTap('test', subject, { layer: 'hidden', at: 'preActivation' })],
      });
    expect(() => run(tensor1d([1, 2, 3]))).toThrow();
    const dropout = subject.layers[1] as { call: unknown };
    dropout.call = () => {
      throw new Error('broken');
    };
    expect(() => run(tensor2d([[1, 2, 3]]))).toThrow('broken');
    delete dropout.call;
    expect(stateOf(subject)).toEqual(before);
    expect(Math.random).toBe(random);
  });

  it('leaks no tensor inside a tidy, not even the dropout masks of recurrent cells', async () => {
    const subjects = [
      model(),
      sequential({
        layers: [
          layers.lstm({
            units: 2,
            dropout: 0.5,
            recurrentDropout: 0.5,
            recurrentInitializer: 'glorotUniform',
            inputShape: [1, 3],
          }),
        ],
      }),
    ] as const;
    for (const training of [true, false]) {
      await expectNoLeak(() => {
        tidy(() => {
          forward(subjects[0], [tensor2d([[1, 2, 3]])], { training, seed: 1 });
          forward(subjects[1], [tensor3d([[[1, 2, 3]]])], { training, seed: 1 });
        });
      });
    }
  });
});

describe('forward refuses', () => {
  it('a wrong number of inputs', async () => {
    const run = (): unknown => forward(branched(), [tensor2d([[1, 2, 3]])], { training: false });
    await expectKdError(run, 'KD_INPUT_MISSING', 'forward', 'inputs', '2', '1');
  });

  it('a tap of another model', async () => {
    const one = sequential({ layers: [dense(1, { inputShape: [3], name: 'one' })] });
    const two = sequential({ name: 'second', layers: [dense(1, { inputShape: [3], name: 'two' })] });
    const tap = resolveTap('test', one, 'one');
    const run = (): unknown => forward(two, [tensor2d([[1, 2, 3]])], { training: false, taps: [tap] });
    await expectKdError(run, 'KD_TAP_UNKNOWN', 'options.taps', '"second"', 'one:0@output');
  });

  it('a pre-activation that the layer does not have', async () => {
    const model = sequential({ layers: [layers.dropout({ rate: 0.5, name: 'drop', inputShape: [3] })] });
    const tap = { key: 'drop:0', at: 'preActivation', shape: [null, 3], activation: undefined } as const;
    const run = (): unknown => forward(model, [tensor2d([[1, 2, 3]])], { training: false, taps: [tap] });
    await expectKdError(run, 'KD_TAP_UNKNOWN', 'drop:0@preActivation');
  });
});

describe('applicationsOf', () => {
  it('is in the order of computation, and states when each value is last used', () => {
    const model = branched();
    const known = new Set(model.inputs);
    for (const { inputs, outputs, done } of applicationsOf(model)) {
      for (const tensor of inputs) expect(known.has(tensor), tensor.name).toBe(true);
      for (const tensor of outputs) known.add(tensor);
      for (const tensor of done) expect(known.delete(tensor), tensor.name).toBe(true);
    }
    expect(known).toEqual(new Set([...model.inputs, ...model.outputs]));
    expect(applicationsOf(model), 'walked once').toBe(applicationsOf(model));
  });
});
