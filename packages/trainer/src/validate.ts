import { add, dispose, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkShape, checkTensor, describeValue, KdError, stepRunner, tensorsOfBatch } from '@kd/core';
import { dividedInputs, fixedRows, forward, inputsOfModel, joinedValues, modelOutputs } from '@kd/model';
import type { Batch, Named, StepRunner } from '@kd/core';
import type { Student } from '@kd/recipe';
import type { Measurements } from './history.js';
import { measureOutputs, withTotalLoss } from './metrics-by-output.js';
import type { MeasuredBy } from './metrics-by-output.js';
import { classificationMetrics, valueMetrics } from './metrics.js';
import { inputsOfBatch, prefixed } from './signature-of-step.js';
import { sumsOf } from './sums-of-measurements.js';

const where = 'validation';

/** Averages over a validation set. */
export interface Validated {
  readonly measured: Measurements;
  /** The largest denominator of any mean: 0 if nothing counts. */
  readonly weight: number;
}

/** How a validation yields to the rest of the process, and what ends it. */
export interface Interruption {
  readonly signal?: AbortSignal | undefined;
  readonly pause: () => Promise<void>;
  /** Runs the student, as one call of the backend where it can. */
  readonly runner: StepRunner;
}

/** The outputs for a batch by name; whoever asks disposes them. */
export type Answering = (batch: Batch) => Named | Promise<Named>;

/** The outputs of a student in inference mode, of any number of rows even if it computes a fixed one. */
export function answersOf({ model, convention }: Student, runner: StepRunner): Answering {
  const named = modelOutputs(where, 'the student', model, convention);
  const size = fixedRows(model.inputs.map(({ shape }) => shape));
  const outputsOf = (batch: Batch): Tensor[] =>
    forward(model, inputsOfModel(where, model, batch), { training: false }).outputs;
  const all = (batch: Batch): Tensor[] => {
    const divided = dividedInputs(where, batch, size);
    if (divided === undefined || size === undefined) return outputsOf(batch);
    const parts = divided.parts.map((inputs) => outputsOf({ ...batch, inputs }));
    return joinedValues(where, parts, divided.rows, size);
  };
  const answer = (batch: Batch): Named =>
    tidy(() => {
      const outputs = all(batch);
      return Object.fromEntries(named.map(({ name, position }) => [name, outputs[position] as Tensor]));
    });
  return (batch) =>
    runner.run(
      () => ({ tensors: answer(batch), layout: undefined }),
      () => ({ key: 'student', inputs: batch.inputs, state: [] }),
    ).tensors;
}

/**
 * Averages metrics over a validation set, at T = 1. Undefined if the signal ends it.
 *
 * Sums stay on the device; all numbers are read once, at the end.
 */
export async function validate(
  answer: Answering,
  batches: AsyncIterable<Batch> | Iterable<Batch>,
  metrics: readonly MeasuredBy[],
  { signal, pause, runner }: Interruption,
): Promise<Validated | undefined> {
  // A function of the user is called for every batch, whatever it does.
  const areOurs = metrics.every(({ metric }) => metric === classificationMetrics || metric === valueMetrics);
  const measuring = areOurs ? runner : stepRunner(() => undefined);
  let names: readonly string[] = [];
  let sums: Tensor | undefined;
  try {
    for await (const batch of batches) {
      try {
        const before = sums;
        const outputs = await answer(batch);
        try {
          const { tensors, layout } = measuring.run(
            () => {
              let ofBatch: readonly string[] = [];
              const partial = tidy(() => {
                const measured = measureOutputs(metrics, outputs, batch, checkMeasured);
                ofBatch = Object.keys(measured);
                return sumsOf(Object.values(measured), batch);
              });
              return { tensors: { partial }, layout: ofBatch };
            },
            () => ({
              key: 'metrics',
              inputs: { ...prefixed('output', outputs), ...inputsOfBatch(batch) },
              state: [],
            }),
          );
          names = layout;
          const partial = tensors['partial'] as Tensor;
          sums = before === undefined ? partial : add(before, partial);
          if (before !== undefined) partial.dispose();
        } finally {
          dispose(outputs);
        }
        before?.dispose();
      } finally {
        dispose(tensorsOfBatch(batch));
      }
      await pause();
      if (signal?.aborted === true) return undefined;
    }
    const read = (await sums?.data()) ?? new Float32Array();
    const means = names.map((name, index) => [
      name,
      (read[names.length + index] ?? NaN) / (read[index] ?? NaN),
    ]);
    return {
      measured: withTotalLoss(metrics, Object.fromEntries(means) as Measurements),
      weight: Math.max(...read.subarray(0, names.length)),
    };
  } finally {
    sums?.dispose();
  }
}

function checkMeasured(measured: unknown, output: Tensor): Named {
  const positions = output.shape.slice(0, -1);
  const values = typeof measured === 'object' && measured !== null ? Object.entries(measured) : [];
  if (values.length === 0) {
    throw new KdError({
      code: 'KD_OPTION_TYPE',
      where,
      argument: 'what the metric returns',
      expected: 'an object of tensors [B] by name',
      received: describeValue(measured),
      remedy: 'Return one value per example: { accuracy: equal(...) }. A metric cannot be async.',
    });
  }
  for (const [name, value] of values as [string, unknown][]) {
    checkTensor(where, `the measurement ${JSON.stringify(name)}`, value);
    const shape = value.rank === 1 ? positions.slice(0, 1) : positions;
    checkShape(where, `the measurement ${JSON.stringify(name)}`, value, shape);
  }
  return measured as Named;
}
