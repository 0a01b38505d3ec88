import type { Batch, Named } from '@kd/core';
import { ones } from '@tensorflow/tfjs-core';
import { unknownName } from '../choose-name.js';

/** Throws `KD_INPUT_MISSING` unless a model has an input of this name. */
export function checkMaskInput(where: string, mask: string | undefined, known: readonly string[]): void {
  if (mask === undefined || known.includes(mask)) return;
  const parts = { code: 'KD_INPUT_MISSING', where, argument: 'options.mask' } as const;
  throw unknownName({ ...parts, expected: 'an input of the model' }, mask, known);
}

/**
 * Runs a function on the inputs of a batch with its mask among them, or ones if it has none. A batch that
 * already has an input of this name is left as it is.
 *
 * @param names the inputs of the model; if there is one beside the mask, the batch may call it anything
 */
export async function withMask<T>(
  batch: Batch,
  mask: string | undefined,
  names: readonly string[],
  run: (batch: Batch) => Promise<T>,
): Promise<T> {
  if (mask === undefined || Object.hasOwn(batch.inputs, mask)) return run(batch);
  const others = names.filter((name) => name !== mask);
  const inputs = named(batch.inputs, others);
  const [first] = Object.values(inputs);
  const given = batch.mask ?? (first && ones(first.shape.slice(0, 2)));
  try {
    return await run({ ...batch, inputs: { ...inputs, ...(given && { [mask]: given }) } });
  } finally {
    if (given !== batch.mask) given?.dispose();
  }
}

/** Inputs by the model's names, if there is one. */
function named(inputs: Named, names: readonly string[]): Named {
  const [name, ...others] = names;
  const [value, ...more] = Object.values(inputs);
  if (name === undefined || value === undefined || others.length > 0 || more.length > 0) return inputs;
  return { [name]: value };
}
