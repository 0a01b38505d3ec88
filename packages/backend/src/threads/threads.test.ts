import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setBackend } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { expectClose } from '@kd/testing';
import { describe, expect, it } from 'vitest';
import { selectBackend } from '../select-backend/select-backend.js';

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

const program = (body: string): string => `
import { selectBackend } from '@kd/backend/node';
import * as tf from '@tensorflow/tfjs-core';
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers';
${body}
`;

/** Runs a program in a process of its own; `onOutput` may end it. */
async function run(
  body: string,
  onOutput: (kill: (signal: NodeJS.Signals) => void) => void = () => undefined,
): Promise<Ended> {
  const flags = [
    '--conditions=@kd/source',
    '--import',
    'tsx',
    '--input-type=module',
    '--eval',
    program(body),
  ];
  const child = spawn(process.execPath, flags, {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
    onOutput((signal) => child.kill(signal));
  });
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      resolve({ code, signal, stdout, stderr });
    });
  });
}

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
  it('trains as on one, prints nothing, writes no file, and ends with the program', async () => {
    const files = readdirSync(tmpdir()).sort();
    const results = [];
    for (const threads of [1, 2, 3]) {
      const { code, stdout, stderr } = await run(training(threads));
      expect([code, stderr]).toEqual([0, '']);
      results.push(JSON.parse(stdout) as { device: string; losses: number[] });
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

  it('multiplies rightly under load, with all the threads that there can be', async () => {
    const { code, stdout } = await run(`
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
    expect(stdout.trim()).toBe('processor, 8 threads 0 0');
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('ends at once at %s while it computes', async (signal) => {
    let sent = 0;
    const ended = await run(
      `await selectBackend({ require: 'wasm', threads: 2 });
      const x = tf.randomNormal([512, 512]);
      console.log('computing');
      for (;;) { tf.tidy(() => tf.matMul(x, x)); await new Promise((resolve) => setImmediate(resolve)); }`,
      (kill) => {
        if (sent === 0) kill(signal);
        sent ||= performance.now();
      },
    );
    expect(ended.signal).toBe(signal);
    expect(performance.now() - sent).toBeLessThan(10_000);
  });

  it.each([
    ['an uncaught error', "throw new Error('of the program');"],
    [
      'an unhandled rejection',
      "void Promise.reject(new Error('of the program')); await new Promise(() => undefined);",
    ],
  ])('leaves %s to Node, which prints it and ends', async (_, fault) => {
    const { code, stderr } = await run(`await selectBackend({ require: 'wasm', threads: 2 }); ${fault}`);
    expect(code).toBe(1);
    expect(stderr).toContain('Error: of the program');
    // One-threaded tfjs prints the line that rethrows, which is the whole backend.
    expect(stderr.length).toBeLessThan(5000);
  });

  it('leaves a handler of the program its uncaught errors', async () => {
    const { code, stdout } = await run(`
      process.on('uncaughtException', (error) => console.log('handled', error.message));
      await selectBackend({ require: 'wasm', threads: 2 });
      setTimeout(() => { throw new Error('late'); });`);
    expect([code, stdout.trim()]).toEqual([0, 'handled late']);
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
    const { code, stdout } = await run(`
      import { createRequire } from 'node:module';
      const workers = createRequire(import.meta.url)('@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.worker.js');
      ${damage}
      const { device } = await selectBackend({ require: 'wasm', threads: 2 });
      console.log(device, tf.tidy(() => tf.matMul(tf.ones([2, 3]), tf.ones([3, 2])).dataSync()[0]));`);
    expect(code).toBe(0);
    expect(stdout).toContain('processor, 1 thread (instead of 2: ');
    expect(stdout).toContain(reason);
    expect(stdout.trim()).toMatch(/ 3$/);
  });

  it('changes no global', async () => {
    const { stdout } = await run(`
      const before = [Object.keys(globalThis).join(), (await import('node:os')).cpus().length, process.listenerCount('uncaughtException')];
      await selectBackend({ require: 'wasm', threads: 2 });
      const after = [Object.keys(globalThis).join(), (await import('node:os')).cpus().length, process.listenerCount('uncaughtException')];
      console.log(JSON.stringify(before) === JSON.stringify(after), typeof Worker);`);
    expect(stdout.trim()).toBe('true undefined');
  });

  it('stays on one thread, and says so, where wasm was started before', async () => {
    await setBackend('wasm');
    const { device } = await selectBackend({ require: 'wasm', threads: 2 });
    expect(device).toBe('processor, 1 thread (instead of 2: the wasm backend was started before)');
  });
});
