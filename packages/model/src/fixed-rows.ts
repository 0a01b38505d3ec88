import { checkTensor, describeShape, KdError } from '@kd/core';
import type { Batch, Named, Shape } from '@kd/core';
import { concat, dispose, gather, slice, tensor1d, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/**
 * The number of rows that a model computes at a time, if its inputs fix it: `[8, 4]` instead of `[null, 4]`,
 * as some exporters write it by default.
 */
export function fixedRows(inputs: readonly (Shape | undefined)[]): number | undefined {
  const [first] = inputs.map((shape) => shape?.[0]);
  return typeof first === 'number' && inputs.every((shape) => shape?.[0] === first) ? first : undefined;
}

/** The shape of a value of such a model for any number of rows. */
export function openRows(shape: Shape, size: number | undefined): Shape {
  return size !== undefined && shape[0] === size ? [null, ...shape.slice(1)] : shape;
}

/** The inputs of a batch in parts of exactly the rows that a model takes. */
export interface DividedInputs {
  readonly rows: number;
  readonly parts: Named[];
}

/**
 * Divides the inputs of a batch, and fills up the last part by repeating examples; undefined if the model
 * takes them as they are. Call it in a `tidy`.
 */
export function dividedInputs(
  where: string,
  batch: Batch,
  size: number | undefined,
): DividedInputs | undefined {
  const inputs = Object.entries(batch.inputs);
  if (size === undefined || inputs.length === 0) return undefined;
  for (const [name, input] of inputs) checkTensor(where, `batch.inputs.${name}`, input);
  const rows = inputs[0]?.[1].shape[0];
  if (rows === undefined || rows === 0 || rows === size) return undefined;
  const parts = Array.from({ length: Math.ceil(rows / size) }, (_, part) => {
    const indices = Array.from({ length: size }, (_each, index) => (part * size + index) % rows);
    const chosen = tensor1d(indices, 'int32');
    const own = inputs.map(([name, x]) => [name, x.shape[0] === rows ? gather(x, chosen) : x] as const);
    return Object.fromEntries(own);
  });
  return { rows, parts };
}

/**
 * The values of all parts one after the other, without the rows that filled up the last part. Throws
 * `KD_TEACHER_OUTPUT` for values without a row for each example. Call it in a `tidy`.
 */
export function joinedValues(
  where: string,
  parts: readonly (readonly Tensor[])[],
  rows: number,
  size: number,
): Tensor[] {
  const [first = []] = parts;
  return first.map(({ shape }, index) => {
    if (shape[0] !== size) throw notRows(where, size, shape);
    const values = parts.map((part) => part[index] as Tensor);
    const [only] = values;
    const all = values.length === 1 ? (only as Tensor) : concat(values);
    return rows === all.shape[0] ? all : slice(all, 0, rows);
  });
}

function notRows(where: string, size: number, shape: readonly number[]): KdError {
  return new KdError({
    code: 'KD_TEACHER_OUTPUT',
    where,
    argument: 'the answer of the model',
    expected: `values with ${String(size)} rows, as its inputs have`,
    received: describeShape([...shape]),
    remedy: `Use batches of ${String(size)}, or a model whose values have a row for each example.`,
  });
}

/** Runs a model on any number of rows, and disposes what this takes. */
export async function inFixedRows(
  where: string,
  batch: Batch,
  size: number | undefined,
  run: (batch: Batch) => Tensor[] | Promise<Tensor[]>,
): Promise<Tensor[]> {
  const divided = tidy(() => dividedInputs(where, batch, size) as (DividedInputs & Named) | undefined);
  if (divided === undefined || size === undefined) return run(batch);
  const values: Tensor[][] = [];
  try {
    for (const inputs of divided.parts) values.push(await run({ ...batch, inputs }));
    return tidy(() => joinedValues(where, values, divided.rows, size));
  } finally {
    const given = new Set(Object.values(batch.inputs));
    dispose(divided.parts.flatMap((inputs) => Object.values(inputs)).filter((input) => !given.has(input)));
    dispose(values.flat());
  }
}
