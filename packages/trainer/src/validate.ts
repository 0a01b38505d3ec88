import {
  add,
  any,
  cast,
  dispose,
  greater,
  mul,
  scalar,
  stack,
  sum,
  tidy,
  where as select,
  zerosLike,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import {
  checkShape,
  checkTensor,
  describeValue,
  forward,
  inputsOfModel,
  KdError,
  tensorsOfBatch,
} from '@kd/core';
import type { Batch, Named } from '@kd/core';
import type { Student } from '@kd/recipe';
import type { Measurements } from './history.js';
import type { Measure } from './measure.js';

const where = 'validation';

/** Averages over a validation set. */
export interface Validated {
  readonly measured: Measurements;
  /** Sum of the weights of all examples; their number where there are none. */
  readonly weight: number;
}

/** How a validation lets the rest of the process run, and what ends it. */
export interface Interruption {
  readonly signal?: AbortSignal | undefined;
  readonly pause: () => Promise<void>;
}

/**
 * Averages a measure over a validation set, the student in inference mode and at T = 1; undefined if the signal ends it.
 *
 * Sums stay on the device; all numbers are read once, at the end.
 */
export async function validate(
  { model, output: convention }: Student,
  batches: AsyncIterable<Batch> | Iterable<Batch>,
  measure: Measure,
  { signal, pause }: Interruption,
): Promise<Validated | undefined> {
  let names: string[] = [];
  let sums: Tensor | undefined;
  try {
    for await (const batch of batches) {
      try {
        const before = sums;
        sums = tidy(() => {
          const { outputs } = forward(model, inputsOfModel(where, model, batch), { training: false });
          const output = outputs[0] as Tensor;
          const [rows = 0] = output.shape as number[];
          const measured = checkMeasured(measure({ output, convention }, batch), rows);
          names = Object.keys(measured);
          const partial = sumsOf(Object.values(measured), batch, rows);
          return before === undefined ? partial : add(before, partial);
        });
        before?.dispose();
      } finally {
        dispose(tensorsOfBatch(batch));
      }
      await pause();
      if (signal?.aborted === true) return undefined;
    }
    const [weight = NaN, ...totals] = (await sums?.data()) ?? [];
    const means = names.map((name, index) => [name, (totals[index] ?? NaN) / weight]);
    return { measured: Object.fromEntries(means) as Measurements, weight };
  } finally {
    sums?.dispose();
  }
}

function checkMeasured(measured: unknown, rows: number): Named {
  const values = typeof measured === 'object' && measured !== null ? Object.entries(measured) : [];
  if (values.length === 0) {
    throw new KdError({
      code: 'KD_OPTION_TYPE',
      where,
      argument: 'what the measure returns',
      expected: 'an object of tensors [B] by name',
      received: describeValue(measured),
      remedy: 'Return one value per example: { accuracy: equal(...) }. A measure cannot be async.',
    });
  }
  for (const [name, value] of values as [string, unknown][]) {
    checkTensor(where, `the measurement ${JSON.stringify(name)}`, value);
    checkShape(where, `the measurement ${JSON.stringify(name)}`, value, [rows]);
  }
  return measured as Named;
}

/** Sum of the weights, then weighted sums of each value. */
function sumsOf(values: readonly Tensor[], batch: Batch, rows: number): Tensor {
  const floats = values.map((value) => cast(value, 'float32'));
  const weights = weightsOf(batch, rows);
  if (weights.length === 0) return stack([scalar(rows), ...floats.map((value) => sum(value))]);
  const weight = weights.reduce((product, each) => mul(product, each));
  // Selected, not multiplied by zero: a row without a label may have a loss of NaN.
  const counted = floats.map((value) => select(greater(weight, 0), value, zerosLike(value)));
  return stack([sum(weight), ...counted.map((value) => sum(mul(value, weight)))]);
}

/** `[B]` each: sample weights, which rows have a label, which have any position that counts. */
function weightsOf({ sampleWeight, labelled, mask }: Batch, rows: number): Tensor[] {
  const given = Object.entries({ sampleWeight, labelled }).flatMap(([name, weight]) => {
    if (weight === undefined) return [];
    checkShape(where, `batch.${name}`, weight, [rows]);
    return [cast(weight, 'float32')];
  });
  return mask === undefined ? given : [...given, cast(any(greater(mask, 0), -1), 'float32')];
}
