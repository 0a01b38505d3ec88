import { memory, ones, Tensor, tensor2d, zeros } from '@tensorflow/tfjs-core';
import { initializers, input, layers, model as functional, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { listTaps, namedWeights } from '@kd/model';
import { tensorsOfAnswer } from '@kd/core';
import type { Tap, TeacherAnswer } from '@kd/core';
import { expectClose, expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { describe, expect, it, vi } from 'vitest';
import { layersTeacher } from './layers-teacher.js';
import type { LayersTeacherOptions } from './layers-teacher.js';

await useBackend('cpu');

const x = tensor2d([
  [1, -2],
  [0.5, 3],
  [-4, 0.25],
]);
const dense = (units: number, options = {}) =>
  layers.dense({ units, kernelInitializer: initializers.glorotNormal({ seed: 7 }), ...options });
const normalise = (options = {}) =>
  layers.batchNormalization({
    gammaInitializer: initializers.constant({ value: 2 }),
    betaInitializer: 'ones',
    movingMeanInitializer: initializers.constant({ value: 0.5 }),
    movingVarianceInitializer: initializers.constant({ value: 4 }),
    ...options,
  });
const backbone = (): LayersModel =>
  sequential({
    name: 'backbone',
    layers: [
      dense(4, { name: 'hidden', activation: 'tanh', inputShape: [2] }),
      layers.dropout({ name: 'drop', rate: 0.9 }),
      normalise({ name: 'norm' }),
    ],
  });
/** Starts with layers of its own, so that the nested model stays one layer. */
function nested(): LayersModel {
  const inputs = input({ shape: [2], name: 'x' });
  const value = backbone().apply(dense(2, { name: 'stem' }).apply(inputs)) as SymbolicTensor;
  return functional({ inputs, outputs: dense(3, { name: 'logits' }).apply(value) as SymbolicTensor });
}
/** One layer applied twice. */
function shared(): LayersModel {
  const inputs = input({ shape: [2] });
  const twice = dense(2, { name: 'twice', activation: 'relu' });
  const value = twice.apply(twice.apply(inputs)) as SymbolicTensor;
  return functional({ inputs, outputs: dense(3, { name: 'logits' }).apply(value) as SymbolicTensor });
}
const models: Readonly<Record<string, () => LayersModel>> = {
  sequential: () => sequential({ layers: [dense(4, { activation: 'relu', inputShape: [2] }), dense(3)] }),
  'sequential that starts with a model': () => sequential({ layers: [backbone(), dense(3)] }),
  nested,
  shared,
  'batch normalisation': () =>
    sequential({ layers: [dense(4, { inputShape: [2] }), normalise(), dense(3), normalise()] }),
  dropout: () =>
    sequential({
      layers: [layers.dropout({ rate: 0.9, inputShape: [2] }), dense(3), layers.dropout({ rate: 0.9 })],
    }),
};

const release = ({ members, taps }: TeacherAnswer): void => {
  for (const tensor of tensorsOfAnswer({ members, taps })) tensor.dispose();
};
const valuesOf = (tensor: Tensor | undefined): number[] => Array.from(tensor?.dataSync() ?? []);
const expectedOf = (model: LayersModel, inputs: Tensor): number[] =>
  valuesOf(model.predict(inputs) as Tensor);

describe.each(Object.entries(models))('layersTeacher of a model: %s', (_, build) => {
  it('answers like model.predict, even before any other use of the model', async () => {
    const model = build();
    const { members, taps } = await layersTeacher(model, { convention: 'logits' }).predict(
      { inputs: { x } },
      { outputs: ['output'], taps: [] },
    );
    expect(
      members.map(({ weight, outputs }) => [weight, outputs['output']?.shape, outputs['output']?.dtype]),
    ).toEqual([[1, [3, 3], 'float32']]);
    expect(valuesOf(members[0]?.outputs['output'])).toEqual(expectedOf(model, x));
    expect(taps).toEqual([]);
  });

  it('leaves the model unchanged, to the byte', async () => {
    const model = build();
    const deep = (layer: object): object[] => {
      const { layers: inside = [] } = layer as { layers?: object[] };
      return [layer, ...inside.flatMap(deep)];
    };
    const state = () => ({
      weights: namedWeights(model).map(({ name, variable, trainable }) => [
        name,
        trainable,
        Buffer.from(new Uint8Array(variable.dataSync().slice().buffer)).toString('hex'),
      ]),
      layers: deep(model).map((each) => {
        const { name, trainable, inboundNodes, outboundNodes } = each as LayersModel;
        return { name, trainable, inboundNodes: [...inboundNodes], outboundNodes: [...outboundNodes] };
      }),
      config: JSON.stringify(model.getConfig()),
    });
    const before = state();
    const teacher = layersTeacher(model, { convention: 'logits' });
    await teacher.describe({ taps: [] });
    const taps = listTaps(model).map(({ path }) => ({ layer: path, node: 0 }));
    release(await teacher.predict({ inputs: { x } }, { outputs: ['output'], taps }));
    const after = state();
    expect(after.weights).toEqual(before.weights);
    expect(after.config).toBe(before.config);
    after.layers.forEach((layer, index) => {
      expect(layer.trainable).toBe(before.layers[index]?.trainable);
      // Identity, as two nodes of one layer can be alike.
      for (const list of ['inboundNodes', 'outboundNodes'] as const) {
        expect(layer[list].length).toBe(before.layers[index]?.[list].length);
        expect(layer[list].every((node, at) => node === before.layers[index]?.[list][at])).toBe(true);
      }
    });
  });

  it('leaks no tensor besides those that the caller owns', async () => {
    const teacher = layersTeacher(build(), { convention: 'logits' });
    await expectNoLeak(async () => {
      await teacher.describe({ taps: [] });
    });
    await expectNoLeak(async () => {
      const before = memory().numTensors;
      const prediction = await teacher.predict({ inputs: { x } }, { outputs: ['output'], taps: [] });
      expect(memory().numTensors - before).toBe(1);
      release(prediction);
    });
    expect(x.isDisposed).toBe(false);
  });
});

describe('taps of layersTeacher', () => {
  it('are values of nested layers, in the order of the request', async () => {
    const model = nested();
    const [stem, inner, logits] = model.layers.slice(1) as [LayersModel, LayersModel, LayersModel];
    const [hidden, , norm] = inner.layers as [LayersModel, LayersModel, LayersModel];
    const teacher = layersTeacher(model, { convention: 'logits' });
    const taps = ['logits', 'backbone/hidden', 'stem', 'backbone', 'backbone/norm'];
    const prediction = await teacher.predict({ inputs: { x } }, { outputs: ['output'], taps });
    const atStem = stem.apply(x) as Tensor;
    const atHidden = hidden.apply(atStem) as Tensor;
    const atNorm = norm.apply(atHidden) as Tensor;
    const atLogits = logits.apply(atNorm) as Tensor;
    [atLogits, atHidden, atStem, atNorm, atNorm].forEach((expected, index) => {
      expectClose(valuesOf(prediction.taps[index]), valuesOf(expected), { relative: 1e-6, absolute: 1e-7 });
    });
    const { taps: infos } = await teacher.describe({ taps });
    expect(infos.map(({ shape }) => shape)).toEqual([3, 4, 2, 4, 4].map((width) => [null, width]));
    expect(infos.map(({ activation }) => activation)).toEqual([
      'linear',
      'tanh',
      'linear',
      undefined,
      undefined,
    ]);
  });

  it('are the value before the activation, for one application of a shared layer', async () => {
    const model = shared();
    const [twice] = model.layers.slice(1) as [LayersModel];
    const first = twice.apply(x) as Tensor;
    const [kernel, bias] = twice.getWeights().map(valuesOf) as [number[], number[]];
    const teacher = layersTeacher(model, { convention: 'logits' });
    const taps = [
      { layer: 'twice', node: 1, at: 'preActivation' },
      { layer: 'twice', node: 0 },
    ] as const;
    const prediction = await teacher.predict({ inputs: { x } }, { outputs: ['output'], taps });
    expect(valuesOf(prediction.taps[1])).toEqual(valuesOf(first));
    const rows = valuesOf(first);
    const before = rows.map((_, index) => {
      const [row, unit] = [Math.floor(index / 2), index % 2];
      return [0, 1].reduce(
        (sum, at) => sum + (rows[2 * row + at] ?? NaN) * (kernel[2 * at + unit] ?? NaN),
        bias[unit] ?? NaN,
      );
    });
    expect(Math.min(...before)).toBeLessThan(0);
    expectClose(valuesOf(prediction.taps[0]), before, { relative: 1e-5, absolute: 1e-6 });
  });

  it('are separate tensors, even if they have the same value', async () => {
    const teacher = layersTeacher(nested(), { convention: 'logits' });
    await expectNoLeak(async () => {
      const taps = ['logits', 'backbone', 'backbone/norm', 'logits'];
      const prediction = await teacher.predict({ inputs: { x } }, { outputs: ['output'], taps });
      const tensors = tensorsOfAnswer(prediction);
      expect(new Set(tensors).size).toBe(5);
      tensors.slice(1).forEach((tensor) => {
        tensor.dispose();
      });
      expect(valuesOf(tensors[0])).toHaveLength(9);
      tensors[0]?.dispose();
    });
  });

  it('never are the inputs of the caller', async () => {
    const inputs = input({ shape: [2] });
    const teacher = layersTeacher(functional({ inputs, outputs: inputs }), { convention: 'logits' });
    release(await teacher.predict({ inputs: { x } }, { outputs: ['output'], taps: [] }));
    expect(x.isDisposed).toBe(false);
  });

  it.each<[string, unknown, ...string[]]>([
    ['KD_TAP_UNKNOWN', 'hidden', 'layersTeacher', 'tap "hidden"', '[?,4]'],
    ['KD_TAP_AMBIGUOUS', 'twice', 'tap "twice"', 'no node', '0'],
    [
      'KD_TAP_UNSUPPORTED',
      { layer: 'backbone/norm', at: 'preActivation' },
      'tap "backbone/norm@preActivation"',
      'the layer backbone/norm',
    ],
    ['KD_OPTION_TYPE', 3, 'a tap', '3'],
  ])('%s for what cannot be tapped', async (code, tap, ...facts) => {
    const teacher = layersTeacher(code === 'KD_TAP_AMBIGUOUS' ? shared() : nested(), {
      convention: 'logits',
    });
    const taps = [tap as Tap];
    await expectNoLeak(async () => {
      await expectKdError(() => teacher.describe({ taps }), code, ...facts);
      await expectKdError(
        () => teacher.predict({ inputs: { x } }, { outputs: ['output'], taps }),
        code,
        ...facts,
      );
    });
  });
});

describe('predict of layersTeacher', () => {
  function twoInputs(): LayersModel {
    const [left, right] = [input({ shape: [2], name: 'left' }), input({ shape: [1], name: 'right' })];
    const both = layers.concatenate().apply([left, right]) as SymbolicTensor;
    return functional({
      inputs: [left, right],
      outputs: dense(2, { kernelInitializer: 'ones' }).apply(both) as SymbolicTensor,
    });
  }

  it('takes several inputs by name, whatever their order', async () => {
    const teacher = layersTeacher(twoInputs(), { convention: 'logits' });
    const batch = { inputs: { right: tensor2d([[10]]), left: tensor2d([[1, 2]]), more: ones([1, 7]) } };
    const { members } = await teacher.predict(batch, { outputs: ['output'], taps: [] });
    expect(valuesOf(members[0]?.outputs['output'])).toEqual([13, 13]);
  });

  it.each<[string, Record<string, Tensor>, string, string, string]>([
    ['a missing input', { left: ones([1, 2]) }, 'KD_INPUT_MISSING', 'batch.inputs', 'left'],
    ['no input', {}, 'KD_INPUT_MISSING', 'batch.inputs', 'no inputs'],
    [
      'an input of another shape',
      { left: ones([1, 2]), right: ones([1, 4]) },
      'KD_TENSOR_SHAPE',
      'batch.inputs.right',
      '[1,4]',
    ],
    [
      'a value that is not a tensor',
      { left: ones([1, 2]), right: [[1]] as unknown as Tensor },
      'KD_TENSOR_TYPE',
      'batch.inputs.right',
      'an array of length 1',
    ],
  ])('refuses %s', async (_, inputs, code, ...facts) => {
    const teacher = layersTeacher(twoInputs(), { convention: 'logits' });
    await expectNoLeak(async () => {
      await expectKdError(
        () => teacher.predict({ inputs }, { outputs: ['output'], taps: [] }),
        code,
        'layersTeacher',
        ...facts,
      );
    });
  });

  it('refuses a disposed input', async () => {
    const gone = zeros([1, 2]);
    gone.dispose();
    const teacher = layersTeacher(nested(), { convention: 'logits' });
    await expectKdError(
      () => teacher.predict({ inputs: { x: gone } }, { outputs: ['output'], taps: [] }),
      'KD_TENSOR_TYPE',
      'batch.inputs.x',
      'a disposed float32 tensor [1,2]',
    );
  });

  it('rejects with the reason of an aborted signal, before it computes', async () => {
    const model = nested();
    let calls = 0;
    model.layers[1]?.setCallHook(() => calls++);
    const teacher = layersTeacher(model, { convention: 'logits' });
    const reason = new Error('enough');
    const request = { outputs: ['output'], taps: [], signal: AbortSignal.abort(reason) };
    await expectNoLeak(async () => {
      await expect(async () => teacher.predict({ inputs: { x } }, request)).rejects.toBe(reason);
    });
    expect(calls).toBe(0);
    const going = { outputs: ['output'], taps: [], signal: new AbortController().signal };
    expect((await teacher.predict({ inputs: { x } }, going)).members).toHaveLength(1);
    expect(calls).toBe(1);
  });
});

describe('describe of layersTeacher', () => {
  it('states the convention, the classes and the shape', async () => {
    const teacher = layersTeacher(nested(), { convention: 'sigmoid-logits', classes: ['cat', 'dog', 'owl'] });
    const { outputs, taps, frozen } = await teacher.describe({ taps: [] });
    expect({ outputs, taps, frozen }).toEqual({
      outputs: { output: { convention: 'sigmoid-logits', shape: [null, 3], classes: ['cat', 'dog', 'owl'] } },
      taps: [],
      frozen: true,
    });
    const without = await layersTeacher(nested(), { convention: 'logits' }).describe({ taps: [] });
    expect(without.outputs).toEqual({ output: { convention: 'logits', shape: [null, 3] } });
  });

  it('leaves the model to its owner', () => {
    expect(layersTeacher(nested(), { convention: 'logits' })).not.toHaveProperty('dispose');
  });
});

describe('layersTeacher refuses', () => {
  const ends = (activation: 'softmax' | 'sigmoid'): LayersModel =>
    sequential({ layers: [dense(3, { activation, inputShape: [2] })] });
  const logits: LayersTeacherOptions = { convention: 'logits' };

  it.each<[string, unknown, unknown, string, ...string[]]>([
    ['no model', undefined, logits, 'KD_MODEL_UNSUPPORTED', 'model', 'undefined'],
    ['an empty model', sequential({ name: 'empty' }), logits, 'KD_MODEL_UNSUPPORTED', 'the model "empty"'],
    [
      'two outputs',
      (() => {
        const inputs = input({ shape: [2] });
        const outputs = [1, 2].map((units) => dense(units).apply(inputs) as SymbolicTensor);
        return functional({ inputs, outputs });
      })(),
      logits,
      'KD_MODEL_UNSUPPORTED',
      'the outputs dense_',
    ],
    ['a softmax as logits', ends('softmax'), logits, 'KD_MODEL_CONVENTION', '"probabilities"', '"logits"'],
    [
      'a sigmoid as probabilities of classes',
      ends('sigmoid'),
      { convention: 'probabilities' },
      'KD_MODEL_CONVENTION',
      '"sigmoid-probabilities"',
      '"probabilities"',
    ],
    ['no options', nested(), undefined, 'KD_OPTION_TYPE', 'options', 'undefined'],
    ['no convention', nested(), {}, 'KD_OPTION_TYPE', 'options.convention', 'undefined'],
    ['an unknown convention', nested(), { convention: 'softmax' }, 'KD_OPTION_RANGE', '"softmax"'],
    [
      'a misspelt option',
      nested(),
      { convention: 'logits', class: [] },
      'KD_OPTION_UNKNOWN',
      'options.class',
      '"class"',
    ],
    [
      'too few classes',
      nested(),
      { convention: 'logits', classes: ['a', 'b'] },
      'KD_CLASSES_MISMATCH',
      'options.classes',
      'an array of length 2',
    ],
    ['a string as classes', nested(), { convention: 'logits', classes: 'abc' }, 'KD_OPTION_TYPE', '"abc"'],
    ['null as classes', nested(), { convention: 'logits', classes: null }, 'KD_OPTION_TYPE', 'null'],
    [
      'numbers as classes',
      nested(),
      { convention: 'logits', classes: [1, 2, 3] },
      'KD_OPTION_TYPE',
      'options.classes',
    ],
  ])('%s', async (_, model, options, code, ...facts) => {
    await expectKdError(
      () => layersTeacher(model as LayersModel, options as LayersTeacherOptions),
      code,
      'layersTeacher',
      ...facts,
    );
  });
});

describe('the first answer of layersTeacher', () => {
  const ending = (activation: 'linear' | 'relu' | 'softmax'): LayersModel =>
    sequential({ layers: [dense(2, { activation, kernelInitializer: 'ones', inputShape: [2] })] });
  const batch = { inputs: { x: tensor2d([[1, 2]]) } };

  it('is checked only if the last layer does not reveal the convention', async () => {
    const wrong = layersTeacher(ending('linear'), { convention: 'probabilities' });
    await expectNoLeak(() =>
      expectKdError(
        () => wrong.predict(batch, { outputs: ['output'], taps: [] }),
        'KD_PROBABILITY_RANGE',
        '"logits"',
      ),
    );
    for (const [activation, convention, readings] of [
      ['linear', 'logits', 0],
      ['softmax', 'probabilities', 0],
      ['relu', 'logits', 1],
    ] as const) {
      const data = vi.spyOn(Tensor.prototype, 'data');
      const teacher = layersTeacher(ending(activation), { convention });
      for (let times = 0; times < 2; times++)
        release(await teacher.predict(batch, { outputs: ['output'], taps: [] }));
      expect(data).toHaveBeenCalledTimes(readings);
      data.mockRestore();
    }
  });
});
