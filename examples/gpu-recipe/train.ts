// Losses of three packages and the optimizer of a fourth in one recipe, on the GPU if there is one.
import process from 'node:process';
import { asData, loadDigits, slice } from '@kd-datasets/mnist';
import { attentionTransfer } from '@kd/attention-transfer';
import { selectBackend } from '@kd/backend/node';
import { adamW } from '@kd/optimizers';
import { defineRecipe } from '@kd/recipe';
import { similarityPreserving } from '@kd/similarity-preserving';
import { hardTarget, softTarget } from '@kd/soft-target-loss';
import { layersTeacher } from '@kd/teacher';
import { train } from '@kd/trainer';
import type { TrainOptions } from '@kd/trainer';
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';

const count = Number(process.env['DIGITS'] ?? 2000);
const epochs = Number(process.env['EPOCHS'] ?? 3);

// Choose the backend, and say why if it is not the GPU.
const { device, package: packageName, skipped } = await selectBackend();
console.log(`Training on ${packageName}: ${device}.`);
if (!device.startsWith('GPU')) {
  const gpu = skipped.find(({ package: name }) => name === '@tensorflow/tfjs-node-gpu');
  console.log(
    `No GPU: @tensorflow/tfjs-node-gpu ${gpu?.reason ?? 'sees none'}. \`npx @kd/backend doctor\` tells more.`,
  );
}

// Load the digits, as maps of one channel.
const digits = await loadDigits('train');
const options: TrainOptions = {
  data: asData(slice(digits, 0, count), [28, 28, 1]),
  validation: { data: asData(slice(digits, 50_000, 51_000), [28, 28, 1]) },
  epochs,
  batchSize: 64,
  optimizer: () => adamW({ learningRate: 0.002, weightDecay: 0.01, clipNorm: 5 }),
};

// Create the models: two convolutions with batch normalisation, the map between them named "middle".
function convnet(filters: number): LayersModel {
  const convolution = (seed: number) =>
    ({
      kernelSize: 3,
      strides: 2,
      padding: 'same',
      useBias: false,
      kernelInitializer: initializers.heNormal({ seed }),
    }) as const;
  return sequential({
    layers: [
      layers.conv2d({ filters, ...convolution(1), inputShape: [28, 28, 1] }),
      layers.batchNormalization(),
      layers.reLU({ name: 'middle' }),
      layers.conv2d({ filters: 2 * filters, ...convolution(2) }),
      layers.batchNormalization(),
      layers.reLU(),
      layers.flatten(),
      layers.dense({ units: 10, kernelInitializer: initializers.glorotNormal({ seed: 3 }) }),
    ],
  });
}

// Train the teacher on the labels.
const teacher = convnet(16);
await train(
  defineRecipe({ student: { model: teacher, convention: 'logits' }, terms: [hardTarget()] }),
  options,
);

// Distil: the student has to see the digits, to look where the teacher looks, and to find alike what it finds
// alike.
const taps = { student: 'middle', teacher: 'middle' };
const recipe = defineRecipe({
  student: { model: convnet(4), convention: 'logits' },
  teacher: layersTeacher(teacher, { convention: 'logits' }),
  terms: [
    softTarget({ temperature: 4, weight: 0.5 }),
    hardTarget({ weight: 0.5 }),
    attentionTransfer({ ...taps, weight: 100 }),
    similarityPreserving({ ...taps, weight: 100 }),
  ],
});
const { history } = await train(recipe, options);

// Show each loss, and the accuracy on other digits, by epoch.

const rounded = (values: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Number(value.toPrecision(3))]));
console.table(history.map(({ losses, validation = {} }) => rounded({ ...losses, ...validation })));
