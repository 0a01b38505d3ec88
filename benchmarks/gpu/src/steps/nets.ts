import { input, layers, model, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { Work } from './works.js';

const classes = 10;

/** The shape of one input of a net. */
export const inputShapes: Readonly<Record<Work['net'], readonly number[]>> = {
  dense: [784],
  conv: [28, 28, 1],
  resnet: [32, 32, 3],
};

/** A net that outputs logits. */
export function netOf(net: Work['net'], width: number): LayersModel {
  return { dense, conv, resnet }[net](width);
}

function dense(units: number): LayersModel {
  const hidden = { units, activation: 'relu' } as const;
  return sequential({
    layers: [
      layers.dense({ ...hidden, inputShape: [...inputShapes.dense] }),
      layers.dense(hidden),
      layers.dense({ units: classes }),
    ],
  });
}

function conv(channels: number): LayersModel {
  const convolution = { kernelSize: 3, padding: 'same', activation: 'relu' } as const;
  return sequential({
    layers: [
      layers.conv2d({ ...convolution, filters: channels, inputShape: [...inputShapes.conv] }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.conv2d({ ...convolution, filters: 2 * channels }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.flatten(),
      layers.dense({ units: classes }),
    ],
  });
}

/** ResNet-8 (He et al. 2015): three blocks of two convolutions, each normalised, with projections. */
function resnet(width: number): LayersModel {
  const image = input({ shape: [...inputShapes.resnet] });
  let maps = relu(normalised(image, width, 3, 1));
  for (const [filters, strides] of [
    [width, 1],
    [2 * width, 2],
    [4 * width, 2],
  ] as const) {
    const inner = relu(normalised(maps, filters, 3, strides));
    const shortcut = strides === 1 ? maps : normalised(maps, filters, 1, strides);
    maps = relu(applied(layers.add(), [normalised(inner, filters, 3, 1), shortcut]));
  }
  const means = applied(layers.globalAveragePooling2d({}), maps);
  return model({ inputs: image, outputs: applied(layers.dense({ units: classes }), means) });
}

function normalised(
  maps: SymbolicTensor,
  filters: number,
  kernelSize: number,
  strides: number,
): SymbolicTensor {
  const convolution = layers.conv2d({ filters, kernelSize, strides, padding: 'same', useBias: false });
  // PyTorch's values.
  return applied(layers.batchNormalization({ momentum: 0.9, epsilon: 1e-5 }), applied(convolution, maps));
}

function relu(maps: SymbolicTensor): SymbolicTensor {
  return applied(layers.reLU(), maps);
}

function applied(
  layer: { apply(inputs: SymbolicTensor | SymbolicTensor[]): unknown },
  inputs: SymbolicTensor | SymbolicTensor[],
): SymbolicTensor {
  return layer.apply(inputs) as SymbolicTensor;
}
