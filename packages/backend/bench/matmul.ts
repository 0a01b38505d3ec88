// The matrix products of a dense layer on wasm, with the stock kernel and with ours:
// node --conditions=@kd/source --import tsx packages/backend/bench/matmul.ts
import '@tensorflow/tfjs-backend-wasm';
import {
  getKernel,
  matMul,
  randomNormal,
  registerKernel,
  setBackend,
  unregisterKernel,
} from '@tensorflow/tfjs-core';
import type { KernelConfig } from '@tensorflow/tfjs-core';
import { registerTrainingKernels } from '@kd/backend';

const batch = 128;
const units = 800;
const rounds = 15;

const cases = [
  { name: 'x W      forward', a: [batch, units], b: [units, units], transposeA: false, transposeB: false },
  {
    name: "x' dy    gradient by weights",
    a: [batch, units],
    b: [batch, units],
    transposeA: true,
    transposeB: false,
  },
  {
    name: "dy W'    gradient by inputs",
    a: [batch, units],
    b: [units, units],
    transposeA: false,
    transposeB: true,
  },
  {
    name: "a' b'    both transposed",
    a: [units, batch],
    b: [units, units],
    transposeA: true,
    transposeB: true,
  },
] as const;

const stock = getKernel('BatchMatMul', 'wasm');
registerTrainingKernels();
const ours = getKernel('BatchMatMul', 'wasm');
await setBackend('wasm');

/** Milliseconds for one product of new tensors, as in each training step. */
async function time(
  kernel: KernelConfig,
  { a, b, transposeA, transposeB }: (typeof cases)[number],
): Promise<number> {
  unregisterKernel('BatchMatMul', 'wasm');
  registerKernel(kernel);
  const left = randomNormal([...a]);
  const right = randomNormal([...b]);
  const start = performance.now();
  const product = matMul(left, right, transposeA, transposeB);
  await product.data();
  const milliseconds = performance.now() - start;
  for (const tensor of [left, right, product]) tensor.dispose();
  return milliseconds;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
}

console.log(
  `wasm, batch ${String(batch)}, ${String(units)} x ${String(units)}, ms, medians of ${String(rounds)}`,
);
for (const product of cases) {
  const times: { stock: number[]; ours: number[] } = { stock: [], ours: [] };
  for (let round = 0; round <= rounds; round++) {
    const pair = { stock: await time(stock, product), ours: await time(ours, product) };
    // The first round is a warm-up.
    if (round === 0) continue;
    times.stock.push(pair.stock);
    times.ours.push(pair.ours);
  }
  const [before, after] = [median(times.stock), median(times.ours)];
  const columns = [before.toFixed(1), after.toFixed(1), `${(before / after).toFixed(1)}x`];
  console.log(product.name.padEnd(30), columns.map((text) => text.padStart(8)).join(''));
}
