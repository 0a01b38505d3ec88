// One training step of a small causal net from this package, and of the same net from single operations, on
// wasm, tensorflow or cpu, with the number of rounds:
// node --conditions=@kd/source --import tsx packages/attention/bench/step.ts wasm 20
import process from 'node:process';
import { selectBackend } from '@kd/backend/node';
import { forward } from '@kd/model';
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import { input, layers, model } from '@tensorflow/tfjs-layers';
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { LearnedPositions, transformerBlock } from '../src/index.js';

const [width, heads, length, batch, tokens, blocks] = [128, 4, 64, 16, 256, ['block_1', 'block_2']] as const;
const epsilon = 1e-5;

const backend = (process.argv[2] ?? 'wasm') as 'cpu' | 'tensorflow' | 'wasm';
await selectBackend({ require: backend });
const rounds = Number(process.argv[3] ?? 20);

const ids = input({ shape: [length] });
const table = layers.embedding({ name: 'table', inputDim: tokens, outputDim: width });
const positions = new LearnedPositions({ name: 'positions', maxLength: length, seed: 1 });
const start = positions.apply(table.apply(ids)) as SymbolicTensor;
const last = blocks.reduce((x, name) => transformerBlock(x, { name, heads, causal: true, seed: 1 }), start);
const normalized = layers.layerNormalization({ name: 'norm', epsilon }).apply(last);
const logits = layers.dense({ name: 'logits', units: tokens }).apply(normalized) as SymbolicTensor;
const net = model({ inputs: ids, outputs: logits });

const weights = new Map(net.weights.map((weight) => [weight.originalName, weight.read() as Variable]));
const at = (name: string): Variable => weights.get(name) as Variable;

/** The same net from operations of tfjs, as one would write it by hand; its mask adds -1e9 to the scores. */
function byHand(given: Tensor): Tensor {
  const rows = batch * length;
  const norm = (x: Tensor, name: string): Tensor => {
    const { mean, variance } = tf.moments(x, -1, true);
    const scaled = tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, epsilon)));
    return tf.add(tf.mul(scaled, at(`${name}/gamma`)), at(`${name}/beta`));
  };
  const dense = (x: Tensor, name: string): Tensor =>
    tf.add(tf.matMul(x, at(`${name}/kernel`)), at(`${name}/bias`));
  const gelu = (x: Tensor): Tensor => tf.mul(tf.mul(x, 0.5), tf.add(1, tf.erf(tf.div(x, Math.SQRT2))));
  const split = (x: Tensor): Tensor =>
    tf.transpose(tf.reshape(x, [batch, length, heads, width / heads]), [0, 2, 1, 3]);
  const mask = tf.mul(tf.sub(1, tf.linalg.bandPart(tf.ones([length, length]), -1, 0)), -1e9);
  const attention = (x: Tensor, name: string): Tensor => {
    const [query, key, value] = ['query', 'key', 'value'].map((part) => split(dense(x, `${name}_${part}`)));
    const scores = tf.mul(tf.matMul(query as Tensor, key as Tensor, false, true), Math.sqrt(heads / width));
    const context = tf.matMul(tf.softmax(tf.add(scores, mask)), value as Tensor);
    const merged = tf.reshape(tf.transpose(context, [0, 2, 1, 3]), [rows, width]);
    return dense(merged, `${name}_projection`);
  };
  const embedded = tf.gather(at('table/embeddings'), tf.cast(tf.reshape(given, [rows]), 'int32'));
  const placed = tf.add(tf.reshape(embedded, [batch, length, width]), at('positions/embeddings'));
  let x: Tensor = tf.reshape(placed, [rows, width]);
  for (const name of blocks) {
    x = tf.add(x, attention(norm(x, `${name}_attention_norm`), name));
    const hidden = gelu(dense(norm(x, `${name}_hidden_norm`), `${name}_hidden`));
    x = tf.add(x, dense(hidden, `${name}_feedforward`));
  }
  return dense(norm(x, 'norm'), 'logits');
}

const sequence = tf.tidy(() => tf.floor(tf.randomUniform([batch, length], 0, tokens, 'float32', 1)));
const labels = tf.tidy(() =>
  tf.cast(tf.oneHot(tf.cast(tf.reshape(sequence, [-1]), 'int32'), tokens), 'float32'),
);
const nets: Readonly<Record<string, () => Tensor>> = {
  'layers of @kd/attention': () => forward(net, [sequence], { training: true }).outputs[0] as Tensor,
  'operations by hand': () => byHand(sequence),
};
const lossOf = (compute: () => Tensor): Scalar => {
  const scores = tf.logSoftmax(tf.reshape(compute(), [-1, tokens]));
  return tf.neg(tf.mean(tf.sum(tf.mul(scores, labels), -1)));
};

console.log(
  `${backend}: 2 blocks, d ${String(width)}, ${String(heads)} heads, length ${String(length)}, batch ${String(batch)}, ${String(net.countParams())} parameters`,
);
const first = Object.values(nets).map((compute) => tf.tidy(() => lossOf(compute).dataSync()[0] ?? NaN));
console.log('first losses', first.map((loss) => loss.toFixed(6)).join(' '));

const times: Record<string, number[]> = {};
const optimizers = Object.keys(nets).map(() => tf.train.adam(1e-4));
// In turns, so that what else the machine does falls on both.
for (let round = 0; round <= rounds; round++)
  for (const [place, [name, compute]] of Object.entries(nets).entries()) {
    const begin = performance.now();
    const loss = optimizers[place]?.minimize(() => lossOf(compute), true, [...weights.values()]);
    await loss?.data();
    loss?.dispose();
    // The first round is a warm-up.
    if (round > 0) (times[name] ??= []).push(performance.now() - begin);
  }
for (const [name, all] of Object.entries(times)) {
  const sorted = all.toSorted((a, b) => a - b);
  const [least = NaN, median = NaN] = [sorted[0], sorted[sorted.length >> 1]];
  const rate = (batch * length) / median;
  console.log(
    `${name.padEnd(26)} ${median.toFixed(1)} ms, least ${least.toFixed(1)}, ${rate.toFixed(1)} thousand tokens a second`,
  );
}
