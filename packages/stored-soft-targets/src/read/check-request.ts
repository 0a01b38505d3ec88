import { describeTap, describeValue, KdError } from '@kd/core';
import { inputDigests } from '@kd/data';
import type { Batch, Tap } from '@kd/core';
import type { Manifest } from '../files/manifest.js';
import type { LoadedSet } from './load-set.js';

const where = 'storedTeacher';

/** Throws unless a set of the k largest outputs comes with a word on the others, and another set without. */
export function checkRemaining({ values: { topK } }: Manifest, remaining: unknown): void {
  const isWanted = topK !== undefined;
  const { id } = Object(remaining) as { id?: unknown };
  const isFill = typeof remaining === 'function' && typeof id === 'string';
  if (isWanted ? isFill : remaining === undefined) return;
  throw new KdError({
    code: 'KD_OPTION_TYPE',
    where,
    argument: 'options.remaining',
    expected: isWanted
      ? `spreadEvenly, ignoreRemaining or a function with an id, as only the ${String(topK)} largest outputs are stored`
      : 'absent, as all outputs are stored',
    received: describeValue(remaining),
    remedy: 'Say what becomes of the classes that are not stored, where some are not.',
  });
}

/** Throws unless a fingerprint is that of the stored teacher. */
export function checkFingerprint(argument: string, { teacher }: Manifest, received: string): void {
  if (received === teacher.fingerprint) return;
  throw new KdError({
    code: 'KD_TARGETS_MISMATCH',
    where,
    argument,
    expected: `${teacher.fingerprint}, that of the teacher whose outputs are stored`,
    received,
    remedy: 'Use the teacher as it was then, or store its targets anew in another directory.',
  });
}

/** Throws for any tap: only outputs are stored. */
export function refuseTaps([tap]: readonly Tap[]): void {
  if (tap === undefined) return;
  throw new KdError({
    code: 'KD_TAP_UNKNOWN',
    where,
    argument: 'request.taps',
    expected: 'empty, as only outputs are stored',
    received: describeTap(tap),
    remedy: 'Use the teacher itself for terms that read its middle layers.',
  });
}

/** The ids of a batch, which must have them. */
export function idsOf({ ids }: Batch): readonly string[] {
  if (ids !== undefined && ids.length > 0) return ids;
  throw new KdError({
    code: 'KD_TERM_NEEDS',
    where,
    argument: 'batch.ids',
    expected: 'an id for each example',
    received: describeValue(ids),
    remedy: 'Add ids to the data: those that the targets were stored with.',
  });
}

/** The number of a stored example. */
export function numberOf(set: LoadedSet, directory: string, id: string): number {
  const number = set.find(id);
  if (number !== -1) return number;
  throw new KdError({
    code: 'KD_ID_UNKNOWN',
    where,
    argument: 'batch.ids',
    expected: `ids whose targets are stored in ${JSON.stringify(directory)}`,
    received: JSON.stringify(id),
    remedy:
      'Store the targets of all examples; a version of one, such as "img-7#flip", is an example of its own.',
  });
}

/** Rejects if the first examples of a batch are not the inputs that their targets were stored for. */
export async function compareInputs(
  set: LoadedSet,
  { inputs, ids }: Batch,
  examples: readonly number[],
): Promise<void> {
  if (examples.length === 0) return;
  if (Object.keys(inputs).length === 0) {
    throw new KdError({
      code: 'KD_INPUT_MISSING',
      where,
      argument: 'batch.inputs',
      expected: 'the inputs, to be compared with those that the targets were stored for',
      received: 'none',
      remedy: 'Pass checkInputs: 0 to answer without them.',
    });
  }
  const digests = await inputDigests(inputs, examples.length);
  const other = examples.findIndex((example, row) => set.inputOf(example) !== digests[row]);
  if (other === -1) return;
  throw new KdError({
    code: 'KD_ID_INPUT',
    where,
    argument: `the input of ${JSON.stringify(ids?.[other])}`,
    expected: 'the one that its target was stored for',
    received: 'another one',
    remedy:
      'Leave augmentation out, or give each augmented version an id of its own and store its target. ' +
      'If the inputs are computed anew and differ in their last bits, pass checkInputs: 0.',
  });
}
