import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import {
  io,
  memory,
  ones,
  setBackend,
  sigmoid,
  softmax,
  square,
  sum,
  tensor,
  tensor2d,
  train,
  variableGrads,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import {
  constraints,
  initializers,
  input,
  layers,
  loadLayersModel,
  model as functional,
  regularizers,
  sequential,
} from '@tensorflow/tfjs-layers';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { namedWeights } from '@kd/model';
import { expectClose, expectKdError } from '@kd/testing';
import { describe, expect, it } from 'vitest';
import { forInference } from './for-inference.js';
import type { Student } from './student.js';

await setBackend('cpu');

const x = tensor2d([
  [1, -2],
  [0.5, 3],
  [-4, 0.25],
]);
const dense = (units: number, options = {}) => layers.dense({ units, ...options });
const symbolic = (value: unknown): SymbolicTensor => value as SymbolicTensor;

/** Gives every weight unique values within its constraint, so that no two can be confused. */
function fill(model: LayersModel): LayersModel {
  namedWeights(model).forEach(({ variable, constrain }, index) => {
    const values = Array.from({ length: variable.size }, (_, at) => 0.5 + Math.sin(1 + 7 * index + at) / 2);
    const assigned = tensor(values, variable.shape);
    variable.assign(assigned);
    assigned.dispose();
    constrain?.();
  });
  return model;
}
const backbone = (): LayersModel =>
  sequential({
    name: 'backbone',
    layers: [
      dense(4, { name: 'hidden', activation: 'tanh', inputShape: [2] }),
      layers.batchNormalization({ name: 'norm' }),
      layers.dropout({ rate: 0.5 }),
    ],
  });
const functionally = (build: (inputs: SymbolicTensor) => SymbolicTensor, ...shape: number[]): LayersModel => {
  const inputs = input({ shape: shape.length === 0 ? [2] : shape });
  return functional({ inputs, outputs: build(inputs) });
};
const students: Readonly<Record<string, () => LayersModel>> = {
  sequential: () => sequential({ layers: [dense(4, { activation: 'relu', inputShape: [2] }), dense(3)] }),
  functional: () =>
    functionally((inputs) => {
      const branches = [1, 2].map(() => symbolic(dense(4, { activation: 'tanh' }).apply(inputs)));
      const joined = symbolic(layers.concatenate().apply([...branches].reverse()));
      return symbolic(
        dense(3).apply(
          symbolic(layers.add().apply([symbolic(dense(3).apply(joined)), symbolic(dense(3).apply(inputs))])),
        ),
      );
    }),
  'a nested model': () =>
    functionally((inputs) => symbolic(dense(3).apply(backbone().apply(dense(2).apply(inputs))))),
  'a Sequential that starts with a model': () => sequential({ layers: [backbone(), dense(3)] }),
  'a Sequential that ends with a model': () =>
    sequential({
      layers: [
        dense(2, { inputShape: [2] }),
        backbone(),
        sequential({ layers: [dense(3, { inputShape: [4] })] }),
      ],
    }),
  'batch normalisation': () =>
    sequential({
      layers: [layers.batchNormalization({ inputShape: [2] }), dense(3), layers.batchNormalization()],
    }),
  'a shared layer': () =>
    functionally((inputs) => {
      const shared = dense(2, { activation: 'tanh' });
      return symbolic(dense(3).apply(shared.apply(shared.apply(inputs))));
    }),
  'a shared model': () =>
    functionally((inputs) => {
      const shared = backbone();
      const towers = [dense(2), dense(2)].map((tower) => symbolic(shared.apply(tower.apply(inputs))));
      return symbolic(dense(3).apply(layers.concatenate().apply(towers)));
    }),
  'constraints and regularisers': () =>
    sequential({
      layers: [
        dense(4, {
          inputShape: [2],
          kernelConstraint: constraints.maxNorm({ maxValue: 0.1, axis: 0 }),
          kernelRegularizer: regularizers.l2({ l2: 0.1 }),
          biasRegularizer: regularizers.l1({ l1: 0.1 }),
          biasConstraint: constraints.nonNeg(),
          kernelInitializer: initializers.constant({ value: 3 }),
        }),
        dense(3),
      ],
    }),
  convolutions: () =>
    sequential({
      layers: [
        layers.reshape({ targetShape: [1, 2, 1], inputShape: [2] }),
        layers.conv2d({ filters: 2, kernelSize: [1, 2], padding: 'same', activation: 'relu' }),
        layers.globalAveragePooling2d({}),
        dense(3),
      ],
    }),
  'recurrent layers': () =>
    sequential({
      layers: [
        layers.reshape({ targetShape: [2, 1], inputShape: [2] }),
        layers.bidirectional({
          layer: layers.lstm({ units: 2, recurrentInitializer: 'glorotUniform' }),
          mergeMode: 'concat',
        }),
        dense(3),
      ],
    }),
  'frozen layers': () => {
    const model = sequential({
      layers: [
        dense(4, { inputShape: [2], trainable: false }),
        layers.batchNormalization(),
        dense(4),
        dense(3),
      ],
    });
    (model.layers[1] as LayersModel).trainable = false;
    return model;
  },
  'a separate final activation': () =>
    sequential({ layers: [dense(3, { activation: 'relu', inputShape: [2] })] }),
};
const valuesOf = (result: Tensor | Tensor[]): number[] => Array.from((result as Tensor).dataSync());
const predict = (model: LayersModel, inputs: Tensor | Tensor[] = x): number[] =>
  valuesOf(model.predict(inputs));
const squash = {
  logits: (logits: Tensor): Tensor => softmax(logits),
  'sigmoid-logits': (logits: Tensor): Tensor => sigmoid(logits),
} as const;
const deep = (layer: object): LayersModel[] => {
  const { layers: inside = [] } = layer as { layers?: object[] };
  return [layer as LayersModel, ...inside.flatMap(deep)];
};

async function save(model: LayersModel): Promise<io.ModelArtifacts> {
  let saved: io.ModelArtifacts = {};
  await model.save(
    io.withSaveHandler((artifacts) => {
      saved = artifacts;
      return Promise.resolve({
        modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' as const },
      });
    }),
  );
  return saved;
}
/** Loads a model with tfjs alone, and prints its answer. */
const loader = `
  import '@tensorflow/tfjs-backend-cpu';
  import { io, tensor2d } from '@tensorflow/tfjs-core';
  import { loadLayersModel } from '@tensorflow/tfjs-layers';
  const { modelTopology, weightSpecs, weights, input } = JSON.parse(process.argv[1]);
  const weightData = new Uint8Array(Buffer.from(weights, 'base64')).buffer;
  const model = await loadLayersModel(io.fromMemory({ modelTopology, weightSpecs, weightData }));
  process.stdout.write(JSON.stringify(Array.from(await model.predict(tensor2d(input)).data())));
`;
async function inFreshProcess(artifacts: io.ModelArtifacts): Promise<number[]> {
  const { modelTopology, weightSpecs } = artifacts;
  const weights = Buffer.from(artifacts.weightData as ArrayBuffer).toString('base64');
  const argument = JSON.stringify({ modelTopology, weightSpecs, weights, input: x.arraySync() });
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', loader, argument],
    { cwd: import.meta.dirname },
  );
  return JSON.parse(/\[[^[\]]*\]$/.exec(stdout)?.[0] ?? '[]') as number[];
}

describe.each(Object.entries(students))('forInference of a student: %s', (_, build) => {
  it.each(['logits', 'sigmoid-logits'] as const)(
    'outputs the probabilities of its %s',
    async (convention) => {
      const model = fill(build());
      const deployed = forInference({ model, convention });
      const expected = squash[convention](model.predict(x) as Tensor);
      expect(Math.max(...valuesOf(expected)) - Math.min(...valuesOf(expected))).toBeGreaterThan(1e-3);
      expect(predict(deployed)).toEqual(valuesOf(expected));
      const loaded = await loadLayersModel(io.fromMemory(await save(deployed)));
      // tfjs applies constraints when it loads weights: a norm at its bound changes by rounding.
      expectClose(predict(loaded), valuesOf(expected), { relative: 1e-5, absolute: 0 });
    },
  );

  it('adds nothing to the student and changes nothing in it', () => {
    const model = fill(build());
    const state = () => ({
      config: JSON.stringify(model.getConfig()),
      layers: deep(model).map((layer) => [layer, ...layer.inboundNodes, ...layer.outboundNodes]),
      weights: namedWeights(model).map(({ name, trainable, variable }) => [name, trainable, variable.id]),
    });
    const before = state();
    forInference({ model, convention: 'logits' });
    const after = state();
    expect(after.config).toBe(before.config);
    expect(after.weights).toEqual(before.weights);
    expect(after.layers.map(({ length }) => length)).toEqual(before.layers.map(({ length }) => length));
    const [now, then] = [after.layers.flat(), before.layers.flat()];
    expect(now.every((each, index) => each === then[index])).toBe(true);
  });

  it('is a copy: training the student does not change it, and disposing it does not touch the student', () => {
    const model = fill(build());
    const deployed = forInference({ model, convention: 'logits' });
    const [before, ofStudent] = [predict(deployed), predict(model)];
    const originals = new Set<object>(namedWeights(model).map(({ variable }) => variable));
    expect(namedWeights(deployed).some(({ variable }) => originals.has(variable))).toBe(false);
    expect(namedWeights(deployed).length).toBe(originals.size);
    const trained = namedWeights(model)
      .filter(({ trainable }) => trainable)
      .map(({ variable }) => variable);
    const { grads } = variableGrads(() => sum(square(model.apply(x) as Tensor)), trained);
    train.sgd(0.5).applyGradients(grads);
    expect(predict(model)).not.toEqual(ofStudent);
    expect(predict(deployed)).toEqual(before);
    const answers = predict(model);
    deployed.dispose();
    expect(predict(model)).toEqual(answers);
  });
});

describe('forInference', () => {
  const classifier = (activation: 'linear' | 'softmax' | 'sigmoid'): LayersModel =>
    fill(
      sequential({ name: 'classifier', layers: [dense(4, { inputShape: [2] }), dense(3, { activation })] }),
    );

  it.each([
    ['probabilities', 'softmax'],
    ['sigmoid-probabilities', 'sigmoid'],
  ] as const)('copies %s unchanged', (convention, activation) => {
    const model = classifier(activation);
    const deployed = forInference({ model, convention });
    expect(predict(deployed)).toEqual(predict(model));
    expect(deployed.layers.length).toBe(2);
    expect(deployed).not.toBe(model);
  });

  it('keeps the name, and the inputs by name and order', () => {
    const [left, right] = [input({ shape: [2], name: 'left' }), input({ shape: [2], name: 'right' })];
    const joined = symbolic(layers.concatenate().apply([right, left]));
    const model = fill(
      functional({ name: 'two', inputs: [left, right], outputs: symbolic(dense(3).apply(joined)) }),
    );
    const deployed = forInference({ model, convention: 'logits' });
    const inputs = [x, ones([3, 2])];
    expect(predict(deployed, inputs)).toEqual(valuesOf(softmax(model.predict(inputs) as Tensor)));
    expect(deployed.name).toBe('two');
    expect(deployed.inputNames).toEqual(['left', 'right']);
    expect(deployed.outputShape).toEqual([null, 3]);
  });

  it('takes sequences, with the softmax over the last axis', () => {
    const model = fill(
      sequential({ layers: [layers.reshape({ targetShape: [2, 1], inputShape: [2] }), dense(3)] }),
    );
    const deployed = forInference({ model, convention: 'logits' });
    expect(predict(deployed)).toEqual(valuesOf(softmax(model.predict(x) as Tensor)));
    expect(deployed.outputShape).toEqual([null, 2, 3]);
  });

  it.each([
    ['logits', 'Softmax'],
    ['sigmoid-logits', 'Activation'],
  ] as const)('of %s loads in plain tfjs, in a process without this package', async (convention, added) => {
    const model = fill(students['a nested model']?.() as LayersModel);
    const deployed = forInference({ model, convention });
    const saved = await save(deployed);
    const text = JSON.stringify(saved.modelTopology);
    expect(text).not.toContain('@kd');
    const classes = Array.from(text.matchAll(/"class_name":"(\w+)"/g), ([, name]) => name);
    const ofTfjs = ['InputLayer', 'Dense', 'Sequential', 'BatchNormalization', 'Dropout', added];
    const initializersOfTfjs = ['VarianceScaling', 'Zeros', 'Ones'];
    expect(new Set(classes)).toEqual(new Set(['Model', ...ofTfjs, ...initializersOfTfjs]));
    expect(await inFreshProcess(saved)).toEqual(predict(deployed));
  });

  it('finds a free name for its layer whatever names the student has', async () => {
    // As in a model from a file: tfjs does not count the names of these layers, and would give them again.
    const own = (name: string) => layers.softmax({ name, inputShape: [2] });
    const next = layers.softmax().name;
    const upcoming = next.replace(/\d+$/, (count) => String(Number(count) + 1));
    const inner = sequential({
      name: 'inner',
      layers: [own('probabilities'), layers.softmax({ name: upcoming })],
    });
    const model = fill(
      functionally((inputs) => {
        const value = layers.softmax({ name: 'probabilities_1' }).apply(inner.apply(inputs));
        return symbolic(dense(3, { name: 'probabilities_2' }).apply(value));
      }),
    );
    const deployed = forInference({ model, convention: 'logits' });
    expect(deployed.layers.at(-1)?.name).toBe('probabilities_3');
    expect(forInference({ model: classifier('linear'), convention: 'logits' }).layers.at(-1)?.name).toBe(
      'probabilities',
    );
    const loaded = await loadLayersModel(io.fromMemory(await save(deployed)));
    expect(predict(loaded)).toEqual(valuesOf(softmax(model.predict(x) as Tensor)));
  });

  it('gives every weight to its counterpart if one weight of a layer was frozen alone', () => {
    const model = fill(
      sequential({
        layers: [
          layers.reshape({ targetShape: [2, 1], inputShape: [2] }),
          // Kernel, recurrent kernel and bias have one value each: [1, 1], [1, 1], [1].
          layers.simpleRNN({ units: 1, recurrentInitializer: 'glorotUniform' }),
          dense(3),
        ],
      }),
    );
    const recurrent = model.layers[1] as LayersModel;
    (recurrent.trainableWeights[0] as { trainable: boolean }).trainable = false;
    const deployed = forInference({ model, convention: 'logits' });
    expect(predict(deployed)).toEqual(valuesOf(softmax(model.predict(x) as Tensor)));
  });

  it('of a layer that was renamed after it was built gives the same answers', () => {
    const model = fill(students['recurrent layers']?.() as LayersModel);
    for (const layer of model.layers) layer.name = `renamed_${layer.name}`;
    const deployed = forInference({ model, convention: 'logits' });
    expect(predict(deployed)).toEqual(valuesOf(softmax(model.predict(x) as Tensor)));
  });

  it.each(['sequential', 'a nested model', 'a Sequential that starts with a model'])(
    'has no tensors but its weights, and frees them: %s',
    (name) => {
      const model = fill(students[name]?.() as LayersModel);
      const before = memory().numTensors;
      const deployed = forInference({ model, convention: 'logits' });
      expect(memory().numTensors - before).toBe(namedWeights(model).length);
      deployed.dispose();
      expect(memory().numTensors - before).toBe(0);
    },
  );

  it.each<[string, unknown, string, ...string[]]>([
    ['no student', undefined, 'KD_OPTION_TYPE', 'student', 'undefined'],
    ['a model', classifier('linear'), 'KD_OPTION_TYPE', 'student', 'Wrap it'],
    ['no model', { convention: 'logits' }, 'KD_MODEL_UNSUPPORTED', 'student'],
    ['no convention', { model: classifier('linear') }, 'KD_OPTION_TYPE', 'student.convention'],
    [
      'a softmax as logits, which would be softened twice',
      { model: classifier('softmax'), convention: 'logits' },
      'KD_MODEL_CONVENTION',
      '"logits"',
    ],
    [
      'a misspelt part',
      { model: classifier('linear'), convention: 'logits', temperature: 1 },
      'KD_OPTION_UNKNOWN',
      'student.temperature',
    ],
  ])('refuses %s', async (_, student, code, ...facts) => {
    await expectKdError(() => forInference(student as Student), code, 'forInference', ...facts);
  });
});
