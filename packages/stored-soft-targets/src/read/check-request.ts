import { describeTap, describeValue, KdError } from '@kd/core';
import { inputDigests } from '@kd/data';
import type { Batch, Tap } from '@kd/core';
import type { Manifest } from '../files/manifest.js';
import type { LoadedSet } from './load-set.js';

const where = 'storedTeacher';

/** Throws unless `remaining` is given for a set of the k largest outputs, and absent for any other set. */
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
      ? `spreadEvenly, ignoreRemaining or a function with an id, because only the ${String(topK)} largest outputs are stored`
      : 'absent, because all outputs are stored',
    received: describeValue(remaining),
    remedy: 'Use options.remaining only to say what the classes that are not stored get.',
  });
}

/** Throws unless a fingerprint matches the stored teacher. */
export function checkFingerprint(argument: string, { teacher }: Manifest, received: string): void {
  if (received === teacher.fingerprint) return;
  throw new KdError({
    code: 'KD_TARGETS_MISMATCH',
    where,
    argument,
    expected: `${teacher.fingerprint}, the fingerprint of the teacher whose outputs are stored`,
    received,
    remedy: 'Use the same teacher as for storing, or store the targets of the new one in another directory.',
  });
}

/** Throws for any tap: only outputs are stored. */
export function refuseTaps([tap]: readonly Tap[]): void {
  if (tap === undefined) return;
  throw new KdError({
    code: 'KD_TAP_UNKNOWN',
    where,
    argument: 'request.taps',
    expected: 'empty, because only outputs are stored',
    received: describeTap(tap),
    remedy: 'Use the teacher itself for terms that read its taps.',
  });
}

/** The ids of a batch; throws if it has none. */
export function idsOf({ ids }: Batch): readonly string[] {
  if (ids !== undefined && ids.length > 0) return ids;
  throw new KdError({
    code: 'KD_TERM_NEEDS',
    where,
    argument: 'batch.ids',
    expected: 'a list with an id for each example',
    received: describeValue(ids),
    remedy: 'Add the ids to the data with which the targets were stored.',
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
      'Store the targets of all examples. An augmented version, such as "img-7#flip", is a separate example.',
  });
}

/** Rejects if the first examples of a batch have other inputs than their targets were stored for. */
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
      expected: 'the inputs of the batch, for comparison with those of the stored targets',
      received: 'none',
      remedy: 'Pass the inputs, or checkInputs: 0 to skip the comparison.',
    });
  }
  const digests = await inputDigests(inputs, examples.length);
  const other = examples.findIndex((example, row) => set.inputOf(example) !== digests[row]);
  if (other === -1) return;
  throw new KdError({
    code: 'KD_ID_INPUT',
    where,
    argument: `the input of ${JSON.stringify(ids?.[other])}`,
    expected: 'the input that its target was stored for',
    received: 'another input',
    remedy:
      'Remove augmentation, or give each augmented version a separate id and store its target. ' +
      'If you recompute inputs and they differ in their last bits, pass checkInputs: 0.',
  });
}
