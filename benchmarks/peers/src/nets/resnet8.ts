import { input, layers, model } from '@tensorflow/tfjs-layers';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';

/**
 * The ResNet-8 of CIFAR (He et al. 2015, section 4.2, with n = 1), with projections where the width changes:
 * from images of 32 x 32 with three channels to the logits of 10 classes.
 */
export function resnet8(channels: number): LayersModel {
  const images = input({ shape: [32, 32, 3] });
  const first = relu(normalised(images, channels, 3, 1));
  const last = [channels, 2 * channels, 4 * channels].reduce(
    (maps, filters, stage) => block(maps, filters, stage === 0 ? 1 : 2),
    first,
  );
  const means = layers.globalAveragePooling2d({}).apply(last);
  return model({ inputs: images, outputs: layers.dense({ units: 10 }).apply(means) as SymbolicTensor });
}

function block(maps: SymbolicTensor, filters: number, strides: number): SymbolicTensor {
  const inner = relu(normalised(maps, filters, 3, strides));
  const shortcut = maps.shape.at(-1) === filters ? maps : normalised(maps, filters, 1, strides);
  const sum = layers.add().apply([normalised(inner, filters, 3, 1), shortcut]);
  return relu(sum as SymbolicTensor);
}

function normalised(maps: SymbolicTensor, filters: number, kernelSize: number, strides: number) {
  const convolution = layers.conv2d({ filters, kernelSize, strides, padding: 'same', useBias: false });
  // PyTorch's defaults; its momentum of 0.1 is the share of the new statistics.
  const normalization = layers.batchNormalization({ momentum: 0.9, epsilon: 1e-5 });
  return normalization.apply(convolution.apply(maps)) as SymbolicTensor;
}

function relu(maps: SymbolicTensor): SymbolicTensor {
  return layers.reLU().apply(maps) as SymbolicTensor;
}
