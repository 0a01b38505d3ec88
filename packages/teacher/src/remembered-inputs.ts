import { KdError } from '@kd/core';
import { inputDigests } from '@kd/data';
import type { Batch } from '@kd/core';

const where = 'cachedTeacher';

/** Digests of the inputs of a batch, one per id. */
export async function digestsOf({ inputs }: Batch, ids: readonly string[]): Promise<Int32Array> {
  for (const [name, { shape }] of Object.entries(inputs)) {
    if (shape[0] === ids.length) continue;
    throw new KdError({
      code: 'KD_DATA_LENGTH',
      where,
      argument: 'batch.ids',
      expected: `a list with one id for each of the ${String(shape[0])} rows of the input ${JSON.stringify(name)}`,
      received: `${String(ids.length)} ids`,
      remedy: 'Give each example of the batch exactly one id.',
    });
  }
  return inputDigests(inputs, ids.length);
}

/**
 * Throws `KD_ID_INPUT` for an id that is known with another input, or that occurs twice with different
 * inputs.
 */
export function checkInputs(
  known: ReadonlyMap<string, number>,
  ids: readonly string[],
  digests: Int32Array,
): void {
  const own = new Map<string, number>();
  for (const [row, id] of ids.entries()) {
    const digest = digests[row] as number;
    const there = known.get(id) ?? own.get(id) ?? digest;
    own.set(id, digest);
    if (there === digest) continue;
    throw new KdError({
      code: 'KD_ID_INPUT',
      where,
      argument: `the input of ${JSON.stringify(id)}`,
      expected: 'the input for which its answer was cached',
      received: 'another one',
      remedy:
        'Give every example of every data set, including validation and augmented versions, a different id, ' +
        'or use the teacher without a cache.',
    });
  }
}
