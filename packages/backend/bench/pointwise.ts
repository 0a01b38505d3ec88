// Ways to compute the filter gradient of a 1x1 convolution with stride 2 that oneDNN gets right, in
// alternating rounds: node --conditions=@kd/source --import tsx packages/backend/bench/pointwise.ts
import process from 'node:process';
import { selectBackend } from '@kd/backend/node';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';

type Shape4D = [number, number, number, number];

await selectBackend({ require: 'tensorflow' });

const gradient = (x: tf.Tensor, dy: tf.Tensor, filters: number, stride: number): tf.Tensor => {
  const filterShape = [1, 1, x.shape.at(-1) as number, filters];
  const attrs = { filterShape, strides: [stride, stride], pad: 'same', dataFormat: 'NHWC' };
  return tf.engine().runKernel('Conv2DBackpropFilter', { x, dy }, attrs);
};
/** Every other row, then every other pixel of it, each from one contiguous piece of memory. */
const pixels = (x: tf.Tensor, [batch, height, width, channels]: Shape4D): tf.Tensor => {
  const rows = tf.slice(tf.reshape(x, [-1, 2 * width * channels]), [0, 0], [-1, width * channels]);
  const read = tf.slice(tf.reshape(rows, [-1, 2 * channels]), [0, 0], [-1, channels]);
  return tf.reshape(read, [batch, height / 2, width / 2, channels]);
};
const ways: Record<string, (x: tf.Tensor, dy: tf.Tensor, shape: Shape4D, filters: number) => tf.Tensor> = {
  registered: (x, dy, _, filters) => gradient(x, dy, filters, 2),
  'strided slice': (x, dy, shape, filters) =>
    gradient(tf.stridedSlice(x, [0, 0, 0, 0], shape, [1, 2, 2, 1]), dy, filters, 1),
  'two slices': (x, dy, shape, filters) => gradient(pixels(x, shape), dy, filters, 1),
  '16 channels': (x, dy, [, , , channels], filters) =>
    gradient(tf.pad(x, [[0, 0], [0, 0], [0, 0], [0, Math.max(0, 16 - channels)]]), dy, filters, 2), // prettier-ignore
};

for (const [shape, filters] of [
  [[64, 64, 64, 2], 8],
  [[128, 28, 28, 4], 8],
  [[128, 28, 28, 12], 24],
  [[32, 56, 56, 64], 128],
] as [Shape4D, number][]) {
  const [batch, height, width] = shape;
  const [x, dy] = [tf.randomUniform(shape), tf.randomUniform([batch, height / 2, width / 2, filters])];
  const best = Object.fromEntries(Object.keys(ways).map((name) => [name, Infinity]));
  for (let round = 0; round < 25; round++) {
    for (const [name, way] of Object.entries(ways)) {
      const start = performance.now();
      tf.tidy(() => way(x, dy, shape, filters).dataSync()[0]);
      best[name] = Math.min(best[name] as number, performance.now() - start);
    }
  }
  const times = Object.entries(best).map(([name, ms]) => `${name} ${ms.toFixed(2)} ms`);
  process.stdout.write(`${shape.join(' x ')}, ${String(filters)} filters: ${times.join(', ')}\n`);
  tf.dispose([x, dy]);
}
