// What a step on wasm would take if it were written down once and only its kernels ran again, without tfjs's
// dispatch, tape and tensors:
// node --conditions=@kd/source --import tsx packages/backend/bench/replayed-step.ts
import '@tensorflow/tfjs-backend-wasm';
import { registerTrainingKernels } from '@kd/backend';
import * as tf from '@tensorflow/tfjs-core';
import type { Variable } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';

type Call = () => unknown;
interface WasmModule {
  cwrap(name: string, ...types: unknown[]): (...args: unknown[]) => unknown;
}
interface WasmBackend {
  wasm: WasmModule;
  disposeData(dataId: object, force?: boolean): boolean;
}

let recorded: Call[] | undefined;

/** Notes the calls of all kernels in WebAssembly, which tfjs looks up by name when the backend starts. */
function noteCalls(module: WasmModule): void {
  const cwrap = module.cwrap.bind(module);
  module.cwrap = (name, ...types) => {
    const kernel = cwrap(name, ...types);
    return (...args) => {
      recorded?.push(() => kernel(...args));
      return kernel(...args);
    };
  };
}

registerTrainingKernels();
const backend = tf.findBackendFactory('wasm');
tf.removeBackend('wasm');
tf.registerBackend('wasm', async () => {
  const made = (await (backend as () => Promise<unknown>)()) as WasmBackend;
  noteCalls(made.wasm);
  return made as never;
});
await tf.setBackend('wasm');
const wasm = tf.backend() as unknown as WasmBackend;

const [rounds, first] = [60, 20];
const median = (times: readonly number[]): number =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? NaN;
const timeOf = (body: () => void): number => {
  const start = performance.now();
  body();
  return performance.now() - start;
};

for (const [units, batch] of [
  [8, 128],
  [100, 64],
  [800, 128],
] as const) {
  const model = sequential({
    layers: [
      layers.dense({ units, activation: 'relu', inputShape: [784] }),
      layers.dense({ units, activation: 'relu' }),
      layers.dense({ units: 10 }),
    ],
  });
  const variables = model.trainableWeights.map((weight) => weight.read() as Variable);
  const [x, y] = [tf.randomNormal([batch, 784]), tf.oneHot(tf.zeros([batch], 'int32'), 10)];
  const optimizer = tf.train.adam();
  const step = (): void => {
    optimizer.minimize(() => tf.losses.softmaxCrossEntropy(y, model.apply(x) as tf.Tensor), false, variables); // prettier-ignore
  };
  for (let round = 0; round < first; round++) step();
  // The kernels work on memory by its number: nothing may be freed before they run again.
  const disposeData = wasm.disposeData.bind(wasm);
  recorded = [];
  wasm.disposeData = () => false;
  step();
  wasm.disposeData = disposeData;
  const calls = recorded;
  recorded = undefined;
  const times = { step: [] as number[], kernels: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    times.step.push(timeOf(step));
    times.kernels.push(timeOf(() => { for (const call of calls) call(); })); // prettier-ignore
  }
  const [whole, kernels] = [median(times.step), median(times.kernels)];
  console.log(
    `${String(units)} units, batch ${String(batch)}: a step ${whole.toFixed(2)} ms, its ${String(calls.length)} kernels again ${kernels.toFixed(2)} ms, ${(kernels / whole).toFixed(2)} of it`,
  );
}
