// Gradients on tfjs-node, composed by tfjs and registered by registerTrainingKernels, in alternating rounds:
// node --conditions=@kd/source --import tsx packages/backend/bench/native.ts
import { selectBackend } from '@kd/backend/node';
import * as tf from '@tensorflow/tfjs-core';
import { prepareForTensorflow } from '../src/tensorflow/prepare-for-tensorflow.js';

const rounds = 25;
const map: [number, number, number, number] = [64, 28, 28, 16];

const gradientNames = [
  'Relu',
  'Sigmoid',
  'Tanh',
  'Softplus',
  'LeakyRelu',
  'Add',
  'FusedBatchNorm',
  'Sum',
  'Mean',
];
const registered = () => ({
  gradients: gradientNames.map((name) => tf.getGradient(name)),
  pooling: tf.getKernel('MaxPoolGrad', 'tensorflow'),
});

// tfjs registers its gradients when its layers are imported.
await import('@tensorflow/tfjs-layers');
prepareForTensorflow();
await import('@tensorflow/tfjs-node');
const stock = registered();
await selectBackend({ require: 'tensorflow' });
const ours = registered();

function use({ gradients, pooling }: typeof ours): void {
  for (const gradient of gradients) {
    tf.unregisterGradient(gradient.kernelName);
    tf.registerGradient(gradient);
  }
  tf.unregisterKernel('MaxPoolGrad', 'tensorflow');
  tf.registerKernel(pooling);
}

const x = tf.randomNormal<tf.Rank.R4>(map);
const bias = tf.randomNormal<tf.Rank.R1>([16]);
const normalised = (input: tf.Tensor4D, offset: tf.Tensor1D, scale: tf.Tensor1D): tf.Tensor => {
  const { mean, variance } = tf.moments(input, [0, 1, 2]);
  return tf.batchNorm(input, mean as tf.Tensor1D, variance as tf.Tensor1D, offset, scale, 1e-3);
};
const cases: Record<string, (...inputs: tf.Tensor[]) => tf.Tensor> = {
  relu: (input) => tf.relu(input),
  sigmoid: (input) => tf.sigmoid(input),
  tanh: (input) => tf.tanh(input),
  softplus: (input) => tf.softplus(input),
  leakyRelu: (input) => tf.leakyRelu(input, 0.2),
  'bias of a map': (input, offset) => tf.add(input, offset),
  'batch normalisation': (input, offset, scale) =>
    normalised(input as tf.Tensor4D, offset as tf.Tensor1D, scale as tf.Tensor1D),
  'mean of all': (input) => tf.mean(input),
  'max pooling of 2 x 2': (input) => tf.maxPool(input as tf.Tensor4D, 2, 2, 'valid'),
};

/** Milliseconds for one forward and backward pass with a given gradient of the result. */
async function time(f: (...inputs: tf.Tensor[]) => tf.Tensor, inputs: readonly tf.Tensor[]): Promise<number> {
  const dy = tf.tidy(() => tf.randomNormal(f(...inputs).shape));
  const start = performance.now();
  const gradients = tf.grads(f)([...inputs], dy);
  await gradients[0]?.data();
  const milliseconds = performance.now() - start;
  tf.dispose([dy, ...gradients]);
  return milliseconds;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;

console.log(
  `A map of ${map.join(' x ')}: forward and backward in ms, medians of ${String(rounds)} alternating rounds`,
);
for (const [name, f] of Object.entries(cases)) {
  const inputs = [x, bias, bias].slice(0, f.length);
  const times: [number[], number[]] = [[], []];
  for (let round = -3; round < rounds; round++) {
    for (const [index, side] of [stock, ours].entries()) {
      use(side);
      const milliseconds = await time(f, inputs);
      if (round >= 0) times[index]?.push(milliseconds);
    }
  }
  console.log(`${name.padEnd(20)} ${times.map((all) => median(all).toFixed(2).padStart(8)).join('')}`);
}
