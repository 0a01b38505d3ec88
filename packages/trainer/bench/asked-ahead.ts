// What it saves to ask a teacher behind HTTP about the next batch during a step:
// node --conditions=@kd/source --import tsx packages/trainer/bench/asked-ahead.ts [wasm|tensorflow|cpu]
// A teacher that may change (`frozen: false`) is not asked ahead, and takes the same steps.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { selectBackend } from '@kd/backend/node';
import type { BackendName } from '@kd/backend/node';
import type { Batch, Teacher } from '@kd/core';
import { sgd } from '@kd/optimizers';
import { defineRecipe } from '@kd/recipe';
import { softTarget } from '@kd/soft-target-loss';
import { functionTeacher } from '@kd/teacher/function';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { train } from '../src/index.js';

const [argument = 'tensorflow'] = process.argv.slice(2);
const [pairs, steps, batchSize, features, classes] = [7, 100, 64, 784, 10];
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;

function serve(): void {
  const server = createServer((request, response) => {
    request.resume();
    const delay = Number(new URL(request.url ?? '', 'http://localhost').searchParams.get('ms'));
    setTimeout(() => response.end(JSON.stringify(new Array(batchSize * classes).fill(0.5))), delay);
  });
  server.listen(0, '127.0.0.1', () => {
    console.log((server.address() as AddressInfo).port);
  });
}

function teacherAt(url: string, frozen: boolean): Teacher {
  const ask = async ({ inputs }: Batch, signal: AbortSignal): Promise<number[][]> => {
    const body = (await inputs['input']?.data()) as Float32Array<ArrayBuffer>;
    const response = await fetch(url, { method: 'POST', body, signal });
    const numbers = (await response.json()) as number[];
    return Array.from({ length: batchSize }, (_, row) => numbers.slice(row * classes, (row + 1) * classes));
  };
  return functionTeacher((batch, { signal }) => ask(batch, signal), {
    convention: 'logits',
    classes: Array.from({ length: classes }, (_, index) => String(index)),
    fingerprint: url,
    frozen,
  });
}

/** Milliseconds of a step. */
async function timeOf(units: number, teacher: Teacher): Promise<number> {
  const model = sequential({
    layers: [
      layers.dense({ units, activation: 'relu', inputShape: [features] }),
      layers.dense({ units, activation: 'relu' }),
      layers.dense({ units: classes }),
    ],
  });
  const recipe = defineRecipe({
    student: { model, convention: 'logits' },
    teacher,
    terms: [softTarget({ temperature: 4 })],
  });
  const examples = batchSize * 20;
  const values = Float32Array.from({ length: examples * features }, (_, index) => Math.sin(index));
  let began = 0;
  await train(recipe, {
    data: { inputs: { values, shape: [examples, features] } },
    batchSize,
    epochs: steps / 20 + 1,
    optimizer: () => sgd({ learningRate: 0.01 }),
    onEvent: (event) => {
      if (event.type === 'epoch' && event.epoch === 0) began = performance.now();
    },
  });
  model.dispose();
  return (performance.now() - began) / steps;
}

async function measure(): Promise<void> {
  await selectBackend({ require: argument as BackendName });
  const server = spawn(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url), 'serve'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [port] = (await once(server.stdout, 'data')) as [Buffer];
  for (const milliseconds of [5, 20]) {
    for (const units of [100, 800]) {
      const url = `http://127.0.0.1:${port.toString().trim()}/?ms=${String(milliseconds)}`;
      const times: { frozen: number; changing: number }[] = [];
      for (let pair = 0; pair < pairs; pair++) {
        const time = { frozen: 0, changing: 0 };
        for (const kind of pair % 2 === 0
          ? (['frozen', 'changing'] as const)
          : (['changing', 'frozen'] as const))
          time[kind] = await timeOf(units, teacherAt(url, kind === 'frozen'));
        times.push(time);
      }
      console.log(
        `${String(milliseconds)} ms, ${String(units)} units: ` +
          `${median(times.map(({ changing }) => changing)).toFixed(2)} ms a step, ` +
          `asked ahead ${median(times.map(({ frozen }) => frozen)).toFixed(2)}, ` +
          `${median(times.map(({ changing, frozen }) => changing / frozen)).toFixed(2)} times as fast`,
      );
    }
  }
  server.kill();
}

if (argument === 'serve') serve();
else await measure();
