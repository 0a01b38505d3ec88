import { setStepFunctions, stepFunctions } from '@kd/core';
import type { StepFunctions } from '@kd/core';
import type { TrainEvent } from '@kd/trainer';
import { backend } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { expect } from 'vitest';
import { withCalls } from '../step-functions.js';

/** What a training is given, to be run one way. */
export interface Way {
  readonly compile: 'auto' | 'never';
  readonly onEvent: (event: TrainEvent) => void;
}

/** What a training has done. */
export interface Ran {
  /** The numbers of all steps, and of all validations. */
  readonly numbers: readonly unknown[];
  /** What the training returned. */
  readonly result: unknown;
  /** Functions that were called. */
  readonly calls: number;
  /** Why steps were not calls, each time that it was reported; undefined if they were. */
  readonly reasons: readonly (string | undefined)[];
}

/** The same training, with steps operation by operation and with steps in one call. */
export async function bothWays(
  training: (way: Way) => Promise<unknown>,
): Promise<{ readonly eager: Ran; readonly compiled: Ran }> {
  const offered = stepFunctions() as StepFunctions;
  // Teachers have no option to run eagerly.
  setStepFunctions(backend(), undefined as unknown as StepFunctions);
  try {
    const eager = await ranOf('never', training);
    setStepFunctions(backend(), offered);
    return { eager, compiled: await ranOf('auto', training) };
  } finally {
    setStepFunctions(backend(), offered);
  }
}

/** Expects equal bits, and compiled steps with as many calls of functions. */
export function expectSame({ eager, compiled }: Awaited<ReturnType<typeof bothWays>>, calls?: number): void {
  expect(compiled.reasons.at(-1)).toBeUndefined();
  expectEqual({ eager, compiled });
  expect(eager.calls).toBe(0);
  if (calls === undefined) expect(compiled.calls).toBeGreaterThan(0);
  else expect(compiled.calls).toBe(calls);
}

/** Expects equal bits, whatever was compiled. */
export function expectEqual({ eager, compiled }: Awaited<ReturnType<typeof bothWays>>): void {
  expect(compiled.numbers).toEqual(eager.numbers);
  expect(compiled.result).toEqual(eager.result);
}

/** All weights of models, those that are not trained included, in the order of the layers. */
export function weightsOf(...models: readonly LayersModel[]): number[][] {
  return models.flatMap(({ layers }) =>
    layers.flatMap(({ weights }) => weights.map((weight) => Array.from(weight.read().dataSync()))),
  );
}

async function ranOf(compile: Way['compile'], training: (way: Way) => Promise<unknown>): Promise<Ran> {
  const numbers: unknown[] = [];
  const reasons: (string | undefined)[] = [];
  const onEvent = (event: TrainEvent): void => {
    if (event.type === 'compile') reasons.push(event.reason);
    if (event.type === 'step') {
      const { epoch, step, total, losses, weights, normalizers, gradientNorm } = event;
      numbers.push({ epoch, step, total, losses, weights, normalizers, gradientNorm });
    }
    if (event.type === 'epoch') numbers.push({ ...event, seconds: 0 });
    if (event.type === 'end') numbers.push(event);
  };
  let result: unknown;
  const calls = await withCalls(async () => {
    result = await training({ compile, onEvent });
  });
  return { numbers, result, calls, reasons };
}
