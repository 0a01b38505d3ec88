import { sgd } from '@kd/optimizers';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { distil } from './common/distil.js';
import { convnet, imageOf, logits } from './common/nets.js';
import type { GuardRecipe, Size } from './common/recipe.js';
import { startFrom } from './common/start-from.js';

function normalised(size: Size): LayersModel {
  const filters = size.width / 8;
  const convolution = { kernelSize: 3, padding: 'same', useBias: false } as const;
  const model = sequential({
    layers: [
      layers.conv2d({ ...convolution, name: 'conv_1', filters, inputShape: imageOf(size) }),
      layers.batchNormalization({ name: 'norm_1' }),
      layers.reLU({ name: 'relu_1' }),
      layers.conv2d({ ...convolution, name: 'conv_2', filters: 2 * filters, strides: 2 }),
      layers.batchNormalization({ name: 'norm_2' }),
      layers.reLU({ name: 'relu_2' }),
      layers.globalAveragePooling2d({ name: 'means' }),
      logits(),
    ],
  });
  return startFrom(model, 1);
}

/** Batch normalisation, whose statistics are weights too; SGD with momentum. */
export const batchNormalisation: GuardRecipe = {
  name: 'batch-normalisation',
  run: (size, onStep) =>
    distil(
      {
        student: normalised(size),
        teacher: convnet(size, size.width / 4, 2),
        optimizer: () => sgd({ learningRate: 0.02, momentum: 0.9 }),
        shape: imageOf(size),
      },
      size,
      onStep,
    ),
};
