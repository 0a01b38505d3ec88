import { input, layers, model, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';

type LayerName = keyof typeof layers;
type Layer = ReturnType<typeof layers.dense>;

/** A small model around a kind of layer. */
export interface LayerCase {
  readonly name: string;
  /** The functions of `tf.layers` that the model covers. */
  readonly covers: readonly LayerName[];
  readonly inputShape: readonly number[];
  /** The inputs are ids below this number, not real numbers. */
  readonly ids?: number;
  readonly build: () => LayersModel;
}

// The default, orthogonal, needs chained ops, which only the package `@tensorflow/tfjs` has.
const recurrentInitializer = 'glorotUniform';

const sequence = [6, 4];
const image = [8, 7, 3];
const volume = [5, 4, 4, 2];

/**
 * Puts the layer after a dense layer, so that the training needs its gradient with respect to its input and
 * its weights.
 */
function behindDense(
  covers: LayerName | LayerName[],
  inputShape: readonly number[],
  layer: () => object,
  variant?: string,
): LayerCase {
  const names = Array.isArray(covers) ? covers : [covers];
  return {
    name: [names[0], variant].filter(Boolean).join(', '),
    covers: names,
    inputShape,
    build: () => {
      const first = layers.dense({ units: inputShape.at(-1) ?? 1, inputShape: [...inputShape] });
      return sequential({ layers: [first, layer() as Layer] });
    },
  };
}

/** Puts a layer that passes no gradient before a dense layer. */
function beforeDense(name: LayerName, inputShape: readonly number[], layer: () => object): LayerCase {
  return {
    name,
    covers: [name],
    inputShape,
    build: () => sequential({ layers: [layer() as Layer, layers.dense({ units: 3 })] }),
  };
}

/** Puts a layer with two inputs after two dense layers. */
function merging(name: LayerName, inputShape: readonly number[], layer: () => object): LayerCase {
  return {
    name,
    covers: [name],
    inputShape,
    build: () => {
      const inputs = input({ shape: [...inputShape] });
      const branch = (): SymbolicTensor =>
        layers.dense({ units: inputShape.at(-1) ?? 1 }).apply(inputs) as SymbolicTensor;
      const outputs = (layer() as Layer).apply([branch(), branch()]) as SymbolicTensor;
      return model({ inputs, outputs });
    },
  };
}

const convolutions = [
  behindDense('conv1d', sequence, () => layers.conv1d({ filters: 3, kernelSize: 3, strides: 2 })),
  behindDense('conv2d', image, () => layers.conv2d({ filters: 4, kernelSize: 3, padding: 'same' })),
  behindDense(
    'conv2d',
    image,
    () => layers.conv2d({ filters: 4, kernelSize: [3, 2], strides: 2 }),
    'strided',
  ),
  behindDense(
    'conv2d',
    image,
    () => layers.conv2d({ filters: 2, kernelSize: 2, dataFormat: 'channelsFirst' }),
    'channels first',
  ),
  behindDense('conv3d', volume, () => layers.conv3d({ filters: 3, kernelSize: 2, padding: 'same' })),
  behindDense('conv2dTranspose', image, () =>
    layers.conv2dTranspose({ filters: 2, kernelSize: 3, strides: 2, padding: 'same' }),
  ),
  behindDense('depthwiseConv2d', image, () =>
    layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2, padding: 'same' }),
  ),
  behindDense('separableConv2d', image, () =>
    layers.separableConv2d({ filters: 4, kernelSize: 3, strides: 2 }),
  ),
  behindDense(['convLstm2d', 'convLstm2dCell'], [3, 5, 5, 2], () =>
    layers.convLstm2d({ filters: 2, kernelSize: 3, padding: 'same', recurrentInitializer }),
  ),
];

const poolings = [
  behindDense(['maxPooling1d', 'maxPool1d'], sequence, () => layers.maxPooling1d({ poolSize: 2 })),
  behindDense(['maxPooling2d', 'maxPool2d'], image, () => layers.maxPooling2d({ poolSize: 2 })),
  behindDense(
    'maxPooling2d',
    image,
    () => layers.maxPooling2d({ poolSize: 3, strides: 2, padding: 'same' }),
    'overlapping',
  ),
  behindDense('maxPooling3d', volume, () => layers.maxPooling3d({ poolSize: 2 })),
  behindDense(['averagePooling1d', 'avgPool1d', 'avgPooling1d'], sequence, () =>
    layers.averagePooling1d({ poolSize: 2 }),
  ),
  behindDense(['averagePooling2d', 'avgPool2d', 'avgPooling2d'], image, () =>
    layers.averagePooling2d({ poolSize: 2, padding: 'same' }),
  ),
  behindDense(['averagePooling3d', 'avgPool3d', 'avgPooling3d'], volume, () =>
    layers.averagePooling3d({ poolSize: 2 }),
  ),
  behindDense('globalAveragePooling1d', sequence, () => layers.globalAveragePooling1d({})),
  behindDense('globalAveragePooling2d', image, () => layers.globalAveragePooling2d({})),
  behindDense(['globalMaxPooling1d', 'globalMaxPool1d'], sequence, () => layers.globalMaxPooling1d({})),
  behindDense(['globalMaxPooling2d', 'globalMaxPool2d'], image, () => layers.globalMaxPooling2d({})),
];

const recurrent = [
  behindDense(['simpleRNN', 'simpleRNNCell'], sequence, () =>
    layers.simpleRNN({ units: 3, recurrentInitializer }),
  ),
  behindDense(['gru', 'gruCell'], sequence, () =>
    layers.gru({ units: 3, returnSequences: true, recurrentInitializer }),
  ),
  behindDense(['lstm', 'lstmCell'], sequence, () => layers.lstm({ units: 3, recurrentInitializer })),
  behindDense('bidirectional', sequence, () =>
    layers.bidirectional({
      layer: layers.gru({ units: 3, recurrentInitializer }),
      mergeMode: 'concat',
    }),
  ),
  behindDense(['rnn', 'stackedRNNCells'], sequence, () =>
    layers.rnn({
      cell: layers.stackedRNNCells({
        cells: [
          layers.gruCell({ units: 3, recurrentInitializer }),
          layers.simpleRNNCell({ units: 2, recurrentInitializer }),
        ],
      }),
    }),
  ),
  behindDense('timeDistributed', sequence, () =>
    layers.timeDistributed({ layer: layers.dense({ units: 2 }) }),
  ),
];

const activations = [
  behindDense('activation', [5], () => layers.activation({ activation: 'tanh' })),
  behindDense('reLU', [5], () => layers.reLU()),
  behindDense('leakyReLU', [5], () => layers.leakyReLU()),
  behindDense('prelu', [5], () => layers.prelu()),
  behindDense('elu', [5], () => layers.elu()),
  behindDense('softmax', [5], () => layers.softmax()),
];

const regularizations = [
  behindDense('dropout', [5], () => layers.dropout({ rate: 0.3 })),
  behindDense('spatialDropout1d', sequence, () => layers.spatialDropout1d({ rate: 0.3 })),
  behindDense('gaussianDropout', [5], () => layers.gaussianDropout({ rate: 0.3 })),
  behindDense('gaussianNoise', [5], () => layers.gaussianNoise({ stddev: 0.1 })),
  behindDense('alphaDropout', [5], () => layers.alphaDropout({ rate: 0.3 })),
  behindDense('batchNormalization', image, () => layers.batchNormalization({})),
  behindDense('layerNormalization', sequence, () => layers.layerNormalization({})),
];

const shapes = [
  behindDense('flatten', sequence, () => layers.flatten()),
  behindDense('reshape', sequence, () => layers.reshape({ targetShape: [3, 8] })),
  behindDense('permute', sequence, () => layers.permute({ dims: [2, 1] })),
  behindDense('repeatVector', [5], () => layers.repeatVector({ n: 3 })),
  beforeDense('masking', sequence, () => layers.masking({ inputShape: sequence })),
  behindDense('zeroPadding2d', image, () => layers.zeroPadding2d({ padding: [1, 2] as never })),
  behindDense('cropping2D', image, () =>
    layers.cropping2D({
      cropping: [
        [1, 2],
        [0, 1],
      ],
    }),
  ),
  behindDense('upSampling2d', image, () => layers.upSampling2d({ size: [2, 2] })),
  beforeDense('centerCrop', image, () => layers.centerCrop({ height: 4, width: 5, inputShape: image })),
  behindDense('rescaling', image, () => layers.rescaling({ scale: 0.5, offset: 0.1 })),
];

const merges = [
  merging('add', [5], () => layers.add()),
  merging('average', [5], () => layers.average()),
  merging('multiply', [5], () => layers.multiply()),
  merging('maximum', [5], () => layers.maximum()),
  merging('minimum', [5], () => layers.minimum()),
  merging('concatenate', [5], () => layers.concatenate()),
  merging('dot', sequence, () => layers.dot({ axes: 2 })),
];

/** Scaled dot-product attention, built from tfjs layers. */
const attention: LayerCase = {
  name: 'attention by dot products',
  covers: ['dot', 'activation'],
  inputShape: sequence,
  build: () => {
    const inputs = input({ shape: [...sequence] });
    const projection = (): SymbolicTensor => layers.dense({ units: 4 }).apply(inputs) as SymbolicTensor;
    const scores = layers.dot({ axes: 2 }).apply([projection(), projection()]) as SymbolicTensor;
    const weights = layers.activation({ activation: 'softmax' }).apply(scores) as SymbolicTensor;
    const outputs = layers.dot({ axes: [2, 1] as never }).apply([weights, projection()]) as SymbolicTensor;
    return model({ inputs, outputs });
  },
};

const embedding: LayerCase = {
  name: 'embedding',
  covers: ['embedding'],
  inputShape: [6],
  ids: 9,
  build: () => {
    const table = layers.embedding({ inputDim: 9, outputDim: 4, inputLength: 6 });
    return sequential({ layers: [table, layers.flatten(), layers.dense({ units: 2 })] });
  },
};

/** Models that together use every tfjs layer that passes gradients on. */
export const layerCases: readonly LayerCase[] = [
  behindDense('dense', [5], () => layers.dense({ units: 3, activation: 'relu' })),
  ...convolutions,
  ...poolings,
  ...regularizations,
  embedding,
  ...recurrent,
  attention,
  ...activations,
  ...merges,
  ...shapes,
];

/**
 * The other members of `tf.layers`, each with the reason: classes, inputs, and layers that no backend of tfjs
 * 4.22 can train.
 */
export const layersWithoutCase: Readonly<Partial<Record<LayerName, string>>> = {
  Layer: 'a class',
  RNN: 'a class',
  RNNCell: 'a class',
  input: 'not a layer',
  inputLayer: 'computes nothing',
  conv3dTranspose: 'tfjs has no gradient of Conv3DBackpropInputV2',
  thresholdedReLU: 'tfjs has no gradient of Greater',
  resizing: "does not accept a model's tensor in tfjs 4.22",
  categoryEncoding: 'outputs integers',
  randomWidth: 'changes its shape at random',
};
