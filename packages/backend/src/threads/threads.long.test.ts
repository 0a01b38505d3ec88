import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setBackend } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { expectClose } from '@kd/testing';
import { startProgram } from '@kd/testing/run-script';
import type { Ending, OnLines } from '@kd/testing/run-script';
import { describe, expect, it } from 'vitest';
import { selectBackend } from '../select-backend/select-backend.js';

const program = (body: string): string => `
import { selectBackend } from '@kd/backend/node';
import * as tf from '@tensorflow/tfjs-core';
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers';
${body}
`;

/** Runs a program in a process of its own. */
const run = async (body: string, onLines?: OnLines): Promise<Ending> =>
  (await startProgram(program(body), import.meta.dirname, [], onLines)).ending;

const training = (threads: number): string => `
const { device } = await selectBackend({ require: 'wasm', threads: ${String(threads)} });
const kernelInitializer = initializers.glorotUniform({ seed: 3 });
const model = sequential({
  layers: [
    layers.conv2d({ filters: 8, kernelSize: 3, activation: 'relu', inputShape: [12, 12, 2], kernelInitializer }),
    layers.maxPooling2d({ poolSize: 2 }),
    layers.flatten(),
    layers.dense({ units: 64, activation: 'relu', kernelInitializer }),
    layers.dense({ units: 4, kernelInitializer }),
  ],
});
model.compile({ optimizer: tf.train.adam(0.01), loss: 'meanSquaredError' });
const x = tf.randomUniform([64, 12, 12, 2], -1, 1, 'float32', 1);
const y = tf.randomUniform([64, 4], -1, 1, 'float32', 2);
const losses = [];
for (let step = 0; step < 20; step++) losses.push(await model.trainOnBatch(x, y));
console.log(JSON.stringify({ device, losses }));
`;

describe('wasm on several threads', () => {
  it('trains as on one thread, prints nothing, writes no file, and ends with the program', async () => {
    const files = readdirSync(tmpdir()).sort();
    const results = [];
    for (const threads of [1, 2, 3]) {
      const { code, output, errors } = await run(training(threads));
      expect([code, errors]).toEqual([0, '']);
      results.push(JSON.parse(output) as { device: string; losses: number[] });
    }
    expect(results.map(({ device }) => device)).toEqual([
      'processor, 1 thread',
      'processor, 2 threads',
      'processor, 3 threads',
    ]);
    const [one, ...others] = results.map(({ losses }) => losses);
    for (const losses of others) expectClose(losses, one, { relative: 1e-4, absolute: 1e-6 });
    expect(
      readdirSync(tmpdir())
        .sort()
        .filter((file) => !files.includes(file) && file.includes('wasm')),
    ).toEqual([]);
  });

  it('multiplies correctly under load, with the maximum number of threads', async () => {
    const { code, output } = await run(`
      const { device } = await selectBackend({ require: 'wasm', threads: 99 });
      let wrong = 0;
      for (let round = 1; round <= 150; round++) {
        const [m, k, n] = [7 * round % 190 + 1, 11 * round % 230 + 1, 13 * round % 170 + 1];
        const values = tf.tidy(() => tf.sum(tf.matMul(tf.fill([m, k], 0.5), tf.fill([k, n], 2))).dataSync());
        if (Math.abs(values[0] / (m * k * n) - 1) > 1e-5) wrong++;
        if (round % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      console.log(device, wrong, tf.memory().numTensors);`);
    expect(code).toBe(0);
    expect(output.trim()).toBe('processor, 8 threads 0 0');
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('ends at once on %s while it computes', async (signal) => {
    let sent = 0;
    const ended = await run(
      `await selectBackend({ require: 'wasm', threads: 2 });
      const x = tf.randomNormal([512, 512]);
      console.log('computing');
      for (;;) { tf.tidy(() => tf.matMul(x, x)); await new Promise((resolve) => setImmediate(resolve)); }`,
      (_, child) => {
        if (sent === 0) child.kill(signal);
        sent ||= performance.now();
      },
    );
    expect(ended.signal).toBe(signal);
    expect(performance.now() - sent).toBeLessThan(10_000);
  });

  it.each([
    [
      'a module that does not compile',
      `import fs from 'node:fs';
      const { readFile, readFileSync } = fs;
      const given = (file) => (String(file).endsWith('threaded-simd.wasm') ? '/dev/null' : file);
      fs.readFile = (file, ...rest) => readFile(given(file), ...rest);
      fs.readFileSync = (file, ...rest) => readFileSync(given(file), ...rest);`,
      'Aborted(',
    ],
    ['threads that throw', "workers.wasmWorkerContents = 'throw new Error(`of a thread`)';", 'of a thread'],
    ['threads that end', "workers.wasmWorkerContents = '';", 'a thread ended'],
    [
      'threads that do not answer',
      `workers.wasmWorkerContents = 'setInterval(() => 0, 1000)';
      const { setInterval } = globalThis;
      globalThis.setInterval = (tick, ms) => setInterval(tick, ms / 50);`,
      'it did not answer within 15 seconds',
    ],
  ])('computes on one thread, and ends with the program, with %s', async (_, damage, reason) => {
    const { code, output } = await run(`
      import { createRequire } from 'node:module';
      const workers = createRequire(import.meta.url)('@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.worker.js');
      ${damage}
      const { device } = await selectBackend({ require: 'wasm', threads: 2 });
      console.log(device, tf.tidy(() => tf.matMul(tf.ones([2, 3]), tf.ones([3, 2])).dataSync()[0]));`);
    expect(code).toBe(0);
    expect(output).toContain('processor, 1 thread (instead of 2: ');
    expect(output).toContain(reason);
    expect(output.trim()).toMatch(/ 3$/);
  });

  it('changes no global', async () => {
    const { output } = await run(`
      const before = [Object.keys(globalThis).join(), (await import('node:os')).cpus().length];
      await selectBackend({ require: 'wasm', threads: 2 });
      const after = [Object.keys(globalThis).join(), (await import('node:os')).cpus().length];
      console.log(JSON.stringify(before) === JSON.stringify(after), typeof Worker);`);
    expect(output.trim()).toBe('true undefined');
  });

  it('stays on one thread, and says so, if wasm is already running', async () => {
    await setBackend('wasm');
    const { device } = await selectBackend({ require: 'wasm', threads: 2 });
    expect(device).toBe('processor, 1 thread (instead of 2: the wasm backend was started before)');
  });
});

describe.each([1, 2])('errors of a program with wasm on %s threads', (threads) => {
  const start = `await selectBackend({ require: 'wasm', threads: ${String(threads)} });`;

  it.each([
    ['an uncaught error', "throw new Error('of the program');"],
    [
      'an unhandled rejection',
      "void Promise.reject(new Error('of the program')); await new Promise(() => undefined);",
    ],
  ])('leave %s to Node, which prints it and ends', async (_, fault) => {
    const { code, errors } = await run(`${start} ${fault}`);
    expect(code).toBe(1);
    expect(errors).toContain('Error: of the program');
    // The stock build prints the line that rethrows, which is the whole backend.
    expect(errors.length).toBeLessThan(5000);
  });

  it('reach its own handlers, and only those', async () => {
    const { code, output } = await run(`
      process.on('uncaughtException', (error) => console.log('handled', error.message));
      const before = process.listenerCount('newListener');
      const started = (async () => { ${start} })();
      process.on('unhandledRejection', (error) => console.log('handled', error.message));
      await started;
      console.log(process.listenerCount('uncaughtException'), process.listenerCount('unhandledRejection'));
      console.log(process.listenerCount('newListener') - before);
      void Promise.reject(new Error('rejected'));
      setTimeout(() => { throw new Error('late'); }, 10);`);
    expect([code, output.trim().split('\n')]).toEqual([0, ['1 1', '0', 'handled rejected', 'handled late']]);
  });
});
