import { KdError } from '@kd/core';
import { inputDigests } from '@kd/data';
import type { Batch } from '@kd/core';

const where = 'cachedTeacher';

/** Digests of the inputs of a batch, one for each id. */
export async function digestsOf({ inputs }: Batch, ids: readonly string[]): Promise<Int32Array> {
  for (const [name, { shape }] of Object.entries(inputs)) {
    if (shape[0] === ids.length) continue;
    throw new KdError({
      code: 'KD_DATA_LENGTH',
      where,
      argument: 'batch.ids',
      expected: `an id for each of the ${String(shape[0])} rows of the input ${JSON.stringify(name)}`,
      received: `${String(ids.length)} ids`,
      remedy: 'Give each example of the batch one id.',
    });
  }
  return inputDigests(inputs, ids.length);
}

/** Throws `KD_ID_INPUT` for an id that is known for another input, or that comes twice with different ones. */
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
      expected: 'the one that its answer is remembered for',
      received: 'another one',
      remedy:
        'Give the examples of each data set, validation included, and augmented versions of one ids of their own; ' +
        'or ask the teacher itself in every step.',
    });
  }
}
