import process from 'node:process';
import { startProgram } from '@kd/testing/run-script';
import type { RunningScript } from '@kd/testing/run-script';
import { afterEach, describe, expect, it } from 'vitest';
import { abortOnInterrupt } from './node.js';

/** Trains endlessly until interrupted, then "saves" and exits. */
const program = `
import '@tensorflow/tfjs-backend-cpu';
import { train as optimizers } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-layers';
import { defineRecipe } from '@kd/recipe';
import { hardTarget } from '@kd/soft-target-loss';
import { train } from '@kd/trainer';
import { abortOnInterrupt } from '@kd/trainer/node';
const model = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [2] })] });
const data = {
  inputs: { values: new Float32Array(8), shape: [4, 2] },
  labels: new Int32Array(4),
};
const interrupt = abortOnInterrupt();
const run = await train(defineRecipe({ student: { model, convention: 'logits' }, terms: [hardTarget()] }), {
  data,
  epochs: 1e9,
  optimizer: () => optimizers.sgd(0.01),
  signal: interrupt.signal,
  onEvent: ({ type, epoch }) => {
    if (type === 'step' && epoch === 3) console.log('training');
  },
});
console.log('ended', run.reason, run.history.length >= 3);
if (process.argv.includes('--slow')) {
  console.log('saving');
  setInterval(() => undefined, 1000);
  await new Promise(() => undefined);
}
interrupt.dispose();
process.exitCode = interrupt.exitStatus();
console.log('saved');
`;

const running: RunningScript[] = [];
afterEach(() => {
  // Only a failed test leaves a process running.
  for (const { child } of running.splice(0)) child.kill('SIGKILL');
});

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly lines: readonly string[];
}

/** Runs the program, and sends it a signal whenever it prints one of these lines. */
async function interrupted(
  signals: Readonly<Record<string, NodeJS.Signals>>,
  more: readonly string[] = [],
): Promise<Ended> {
  let seen = 0;
  const script = await startProgram(program, import.meta.dirname, more, (lines, child) => {
    for (const line of lines.slice(seen)) {
      const signal = signals[line];
      if (signal !== undefined) child.kill(signal);
    }
    seen = lines.length;
  });
  running.push(script);
  const { code, signal, output, errors } = await script.ending;
  if (!output.includes('training')) throw new Error(errors);
  return { code, signal, lines: output.trim().split('\n') };
}

describe('abortOnInterrupt', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    'ends the training at the first %s, so that the process can save and end with status %i',
    async (signal, code) => {
      expect(await interrupted({ training: signal })).toEqual({
        code,
        signal: null,
        lines: ['training', 'ended aborted true', 'saved'],
      });
    },
  );

  it.each([
    ['SIGINT', 'SIGINT'],
    ['SIGTERM', 'SIGTERM'],
    ['SIGINT', 'SIGTERM'],
    ['SIGTERM', 'SIGINT'],
  ] as const)('after %s ends the process at a second signal, %s', async (training, saving) => {
    const { code, signal, lines } = await interrupted({ training, saving }, ['--slow']);
    expect({ code, signal, lines }).toEqual({
      code: null,
      signal: saving,
      lines: ['training', 'ended aborted true', 'saving'],
    });
  });

  it('listens until it is disposed or interrupted, not longer', () => {
    const counts = (): number[] => [process.listenerCount('SIGINT'), process.listenerCount('SIGTERM')];
    const before = counts();
    const interrupt = abortOnInterrupt();
    expect(counts()).toEqual(before.map((count) => count + 1));
    expect([interrupt.signal.aborted, interrupt.exitStatus()]).toEqual([false, undefined]);
    interrupt.dispose();
    interrupt.dispose();
    expect(counts()).toEqual(before);
    expect(interrupt.signal.aborted).toBe(false);
  });
});
