// Inference and training steps on wasm: kernels that keep NaN in three ways, and the earlier kernels, in
// alternating rounds: node --conditions=@kd/source --import tsx packages/backend/bench/not-finite.ts
// [threads]
import process from 'node:process';
import { selectBackend } from '@kd/backend/node';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import type { Sequential } from '@tensorflow/tfjs-layers';
import { withNumbersForSame } from '../src/wasm-kernels/convolution/with-numbers-for-same.js';
import { fusedByParts } from '../src/wasm-kernels/matmul/fused-by-parts.js';
import { withExplicitTransposes } from '../src/wasm-kernels/matmul/with-explicit-transposes.js';

// The first rounds do not count, because they compile code.
const [rounds, first] = [41, 3];
const names = ['_FusedMatMul', 'FusedConv2D', 'Conv2D', 'Add', 'Relu', 'MaxPool'] as const;
type Kernels = Readonly<Record<(typeof names)[number], KernelFunc>>;
const current = (): Kernels =>
  Object.fromEntries(names.map((name) => [name, kernel(name)])) as Record<(typeof names)[number], KernelFunc>;
const kernel = (name: string): KernelFunc => tf.getKernel(name, 'wasm').kernelFunc;

await import('@tensorflow/tfjs-backend-wasm');
const stock = current();
await selectBackend({ require: 'wasm', threads: Number(process.argv[2] ?? 1) });
const ours = current();
const before: Kernels = {
  ...stock,
  Conv2D: withNumbersForSame(stock.Conv2D, false),
  FusedConv2D: withNumbersForSame(stock.FusedConv2D, false),
  _FusedMatMul: withExplicitTransposes(
    {
      fast: stock._FusedMatMul,
      slow: fusedByParts(stock._FusedMatMul, kernel),
      transpose: kernel('Transpose'),
    },
    ['stock', 'straight'],
  ),
};

/** The linear part, then the activation as a separate kernel. */
const apart =
  (fused: KernelFunc, relu: KernelFunc): KernelFunc =>
  (given) => {
    if (given.attrs?.['activation'] !== 'relu') return fused(given);
    const x = fused({ ...given, attrs: { ...given.attrs, activation: 'linear' } }) as TensorInfo;
    const y = relu({ ...given, inputs: { x } });
    (given.backend as tf.KernelBackend).disposeData(x.dataId);
    return y;
  };
const inLoop: KernelFunc = ({ inputs, backend }) => {
  const wasm = backend as BackendWasm;
  const { x } = inputs as { x: TensorInfo };
  const output = wasm.makeOutput(x.shape, 'float32');
  const [from, to] = [wasm.typedArrayFromHeap(x), wasm.typedArrayFromHeap(output)];
  for (let index = 0; index < from.length; index++) {
    const value = from[index] as number;
    to[index] = value < 0 ? 0 : value;
  }
  return output;
};
const ways: Readonly<Record<string, Kernels>> = {
  before,
  'norms first': ours,
  'linear, then relu': {
    ...ours,
    _FusedMatMul: apart(before._FusedMatMul, ours.Relu),
    FusedConv2D: apart(before.FusedConv2D, ours.Relu),
  },
  'linear, then a loop': {
    ...ours,
    _FusedMatMul: apart(before._FusedMatMul, inLoop),
    FusedConv2D: apart(before.FusedConv2D, inLoop),
  },
};
function use(kernels: Kernels): void {
  for (const name of names) {
    const config = tf.getKernel(name, 'wasm');
    tf.unregisterKernel(name, 'wasm');
    tf.registerKernel({ ...config, kernelFunc: kernels[name] });
  }
}

const dense = (units: number): Sequential =>
  sequential({
    layers: [
      layers.dense({ units, activation: 'relu', inputShape: [784] }),
      layers.dense({ units, activation: 'relu' }),
      layers.dense({ units: 10 }),
    ],
  });
const convolutional = (filters: number): Sequential =>
  sequential({
    layers: [
      layers.conv2d({ filters, kernelSize: 3, padding: 'same', activation: 'relu', inputShape: [28, 28, 1] }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.conv2d({ filters: 2 * filters, kernelSize: 3, padding: 'same', activation: 'relu' }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.flatten({}),
      layers.dense({ units: 10 }),
    ],
  });
const digits = tf.randomNormal([128, 784]);
const images = tf.randomNormal([64, 28, 28, 1]);
const models = { dense: dense(800), convolutional: convolutional(16) };
const labels = (rows: number): tf.Tensor => {
  const ids = Array.from({ length: rows }, (_, row) => row % 10);
  return tf.cast(tf.oneHot(tf.tensor1d(ids, 'int32'), 10), 'float32');
};
const variables = (model: Sequential): tf.Variable[] =>
  model.trainableWeights.map((weight) => weight.read() as tf.Variable);
const step = (model: Sequential, x: tf.Tensor): (() => Promise<void>) => {
  const y = labels(x.shape[0]);
  return async () => {
    const { value, grads } = tf.variableGrads(
      () =>
        tf.losses.softmaxCrossEntropy<tf.Tensor, tf.Scalar>(
          y,
          model.apply(x, { training: true }) as tf.Tensor,
        ),
      variables(model),
    );
    await value.data();
    tf.dispose([value, grads]);
  };
};
const predict = (model: Sequential, x: tf.Tensor) => async (): Promise<void> => {
  const y = model.predict(x) as tf.Tensor;
  await y.data();
  y.dispose();
};
const one = tf.slice(digits, 0, 1);
const cases: Readonly<Record<string, () => Promise<void>>> = {
  'dense, batch 128': predict(models.dense, digits),
  'dense, batch 1': predict(models.dense, one),
  'convolutions, batch 64': predict(models.convolutional, images),
  'step, dense': step(models.dense, digits),
  'step, convolutions': step(models.convolutional, images),
};
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
for (const [name, run] of Object.entries(cases)) {
  const times = Object.keys(ways).map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, kernels] of Object.values(ways).entries()) {
      use(kernels);
      // Processor time of all threads, because other programs may be running.
      const start = process.cpuUsage();
      await run();
      const { user, system } = process.cpuUsage(start);
      if (round >= first) times[index]?.push((user + system) / 1000);
    }
  }
  const base = times[0] ?? [];
  const shown = Object.keys(ways).map((way, index) => {
    const ratios = (times[index] ?? []).map((time, round) => time / (base[round] ?? NaN));
    return `${way} ${median(times[index] ?? []).toFixed(2)} (${median(ratios).toFixed(2)})`;
  });
  console.log(`${name}: ${shown.join(', ')}`);
}
process.exit(0);
