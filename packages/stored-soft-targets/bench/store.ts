// Compares storing with the bare forward pass over the same batches, alternately, on wasm: node
// --conditions=@kd/source --import tsx packages/stored-soft-targets/bench/store.ts [perceptron|mobilenet]
// [rounds]
import '@tensorflow/tfjs-backend-wasm';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import type { Teacher } from '@kd/core';
import { setBackend, tensor, zeros } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import type { Sequential } from '@tensorflow/tfjs-layers';
import { storeSoftTargets } from '@kd/stored-soft-targets/node';

const batchSize = 256;

/** The teacher of the quickstart, at Hinton's size. */
function perceptron(): Sequential {
  return sequential({
    layers: [
      layers.dense({ units: 1200, activation: 'relu', inputShape: [784] }),
      layers.dense({ units: 1200, activation: 'relu' }),
      layers.dense({ units: 10 }),
    ],
  });
}

/** MobileNet v1 (Howard et al. 2017), 4.2 M weights, 1000 classes, on images of 96 x 96. */
function mobileNet(): Sequential {
  const model = sequential();
  const activate = (): void => {
    model.add(layers.batchNormalization());
    model.add(layers.reLU({ maxValue: 6 }));
  };
  const padding = 'same';
  model.add(
    layers.conv2d({
      filters: 32,
      kernelSize: 3,
      strides: 2,
      padding,
      useBias: false,
      inputShape: [96, 96, 3],
    }),
  );
  activate();
  const blocks = [
    [64, 1],
    [128, 2],
    [128, 1],
    [256, 2],
    [256, 1],
    [512, 2],
    ...Array.from({ length: 5 }, () => [512, 1]),
    [1024, 2],
    [1024, 1],
  ];
  for (const [filters = 0, strides = 1] of blocks) {
    model.add(layers.depthwiseConv2d({ kernelSize: 3, strides, padding, useBias: false }));
    activate();
    model.add(layers.conv2d({ filters, kernelSize: 1, useBias: false }));
    activate();
  }
  model.add(layers.globalAveragePooling2d({}));
  model.add(layers.dense({ units: 1000 }));
  return model;
}

await setBackend('wasm');
const [name = 'perceptron', roundsText = '9'] = process.argv.slice(2);
const { model, batches } =
  name === 'mobilenet' ? { model: mobileNet(), batches: 2 } : { model: perceptron(), batches: 40 };
const rounds = Number(roundsText);

const rowShape = (model.inputs[0]?.shape.slice(1) ?? []) as number[];
const width = rowShape.reduce((product, size) => product * size, 1);
const classes = model.outputs[0]?.shape.at(-1) ?? 0;
const rows = batches * batchSize;
const values = Float32Array.from({ length: rows * width }, (_, index) => Math.sin(index));
const ids = Array.from({ length: rows }, (_, row) => `example-${String(row)}`);
const teacher: Teacher = {
  describe: () =>
    Promise.resolve({
      outputs: { output: { convention: 'logits', shape: model.outputs[0]?.shape ?? [] } },
      taps: [],
      fingerprint: name,
      frozen: true,
    }),
  predict: ({ inputs }) =>
    Promise.resolve({
      members: [
        {
          outputs: {
            output: model.predict(inputs['input'] as Tensor, { batchSize }) as Tensor,
          },
          weight: 1,
        },
      ],
      taps: [],
    }),
};

/** Wall-clock and processor seconds: the latter are comparable on a busy machine. */
interface Time {
  readonly clock: number;
  readonly processor: number;
}

function stopwatch(): () => Time {
  const start = performance.now();
  const used = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(used);
    return { clock: (performance.now() - start) / 1000, processor: (user + system) / 1e6 };
  };
}

/** The time of the forward pass over all batches, each read back. */
async function bare(asked: Teacher): Promise<Time> {
  const stop = stopwatch();
  for (let batch = 0; batch < batches; batch++) {
    const part = values.subarray(batch * batchSize * width, (batch + 1) * batchSize * width);
    const input = tensor(part, [batchSize, ...rowShape]);
    const { members } = await asked.predict({ inputs: { input } }, { outputs: ['output'], taps: [] });
    await members[0]?.outputs['output']?.data();
    members[0]?.outputs['output']?.dispose();
    input.dispose();
  }
  return stop();
}

/** A teacher that costs nothing but its tensor, so that the cost of storing remains. */
const free: Teacher = {
  ...teacher,
  predict: () =>
    Promise.resolve({ members: [{ outputs: { output: zeros([batchSize, classes]) }, weight: 1 }], taps: [] }),
};

/** The time to store the same batches. */
async function stored(asked: Teacher): Promise<Time> {
  const folder = await mkdtemp(join(tmpdir(), 'kd-bench-'));
  const stop = stopwatch();
  const data = { inputs: { values, shape: [rows, ...rowShape] }, ids };
  await storeSoftTargets({ teacher: asked, data, out: folder, batchSize });
  const time = stop();
  await rm(folder, { recursive: true });
  return time;
}

const median = (list: readonly number[]): number => list.toSorted((a, b) => a - b)[list.length >> 1] ?? NaN;

// The first round warms up.
await bare(teacher);
await bare(free);
await stored(teacher);
await stored(free);
const pairs: { bare: Time; stored: Time; nothing: Time; alone: Time }[] = [];
for (let round = 0; round < rounds; round++) {
  // They take turns in going first.
  const first = round % 2 === 0 ? await bare(teacher) : undefined;
  const second = await stored(teacher);
  pairs.push({
    bare: first ?? (await bare(teacher)),
    stored: second,
    nothing: await bare(free),
    alone: await stored(free),
  });
}
console.log(
  `${name}, ${String(model.countParams())} weights, ${String(rows)} examples, batch ${String(batchSize)}, wasm, ${String(rounds)} rounds`,
);
for (const by of ['clock', 'processor'] as const) {
  const ratios = pairs.map((pair) => pair.bare[by] / pair.stored[by]);
  const [low, high] = [Math.min(...ratios), Math.max(...ratios)];
  const speeds = (['bare', 'stored'] as const).map((arm) =>
    (rows / median(pairs.map((pair) => pair[arm][by]))).toFixed(0),
  );
  console.log(
    `by the ${by}: bare ${String(speeds[0])}, stored ${String(speeds[1])} examples/s; ` +
      `ratio ${median(ratios).toFixed(3)} (${low.toFixed(3)}-${high.toFixed(3)})`,
  );
  const shares = pairs.map((pair) => (pair.alone[by] - pair.nothing[by]) / pair.bare[by]);
  const milliseconds = (1000 * median(pairs.map((pair) => pair.alone[by] - pair.nothing[by]))) / batches;
  console.log(
    `  with a teacher that costs nothing, storing takes ${milliseconds.toFixed(2)} ms more a batch: ${median(shares).toFixed(3)} of the bare forward`,
  );
}
