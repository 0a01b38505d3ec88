import { describeTap, describeValue, KdError } from '@kd/core';
import { inputDigests } from '@kd/data';
import type { Batch, Tap, ValueInfo } from '@kd/core';
import type { Manifest } from '../files/manifest.js';
import type { RowShape } from '../files/row-shape.js';
import type { LengthsOfBatch } from './lengths-of-batch.js';
import type { LoadedSet } from './load-set.js';
import type { ReadableOutput } from './stored-outputs.js';

const where = 'storedTeacher';

/** Throws unless `remaining` is absent, or fills in what a set of the k largest outputs lacks. */
export function checkRemaining({ outputs }: Manifest, remaining: unknown): void {
  if (remaining === undefined) return;
  const isWanted = Object.values(outputs).some(({ topK }) => topK !== undefined);
  const { id } = Object(remaining) as { id?: unknown };
  if (isWanted && typeof remaining === 'function' && typeof id === 'string') return;
  throw wrongRemaining(
    isWanted
      ? 'spreadEvenly, ignoreRemaining or a function with an id'
      : 'absent, because all outputs are stored',
    remaining,
  );
}

function wrongRemaining(expected: string, received: unknown): KdError {
  return new KdError({
    code: 'KD_OPTION_TYPE',
    where,
    argument: 'options.remaining',
    expected,
    received: describeValue(received),
    remedy: 'Use options.remaining only to say what the classes that are not stored get.',
  });
}

/** The outputs of a request; throws for one that is not stored, or that cannot be filled in. */
export function wantedOutputs(
  { outputs }: Manifest,
  readable: Readonly<Record<string, ReadableOutput>>,
  wanted: readonly string[],
): (readonly [string, ReadableOutput])[] {
  return wanted.map((name) => {
    const output = Object.hasOwn(readable, name) ? readable[name] : undefined;
    if (output !== undefined) return [name, output];
    const topK = Object.hasOwn(outputs, name) ? outputs[name]?.topK : undefined;
    if (topK !== undefined) {
      const expected = `given, because only the ${String(topK)} largest numbers of ${JSON.stringify(name)} are stored`;
      throw wrongRemaining(expected, undefined);
    }
    throw new KdError({
      code: 'KD_OUTPUT_UNKNOWN',
      where,
      argument: 'request.outputs',
      expected: `outputs among ${Object.keys(readable).join(', ') || '(none)'}`,
      received: JSON.stringify(name),
      remedy: 'Use the stored names, or store this output too.',
    });
  });
}

/** A stored tap. */
export interface FoundTap {
  readonly index: number;
  readonly rowShape: RowShape;
  readonly isInt32: boolean;
  readonly info: ValueInfo;
}

/** The taps of a request; throws `KD_TAP_UNKNOWN` for one that is not stored. */
export function storedTaps({ taps = [] }: Manifest, wanted: readonly Tap[]): FoundTap[] {
  const names = taps.map(({ tap }) => describeTap(tap));
  return wanted.map((tap) => {
    const index = names.indexOf(describeTap(tap));
    const stored = taps[index];
    if (stored !== undefined) {
      const { rowShape, activation, type } = stored;
      const info = { shape: [null, ...rowShape], ...(activation !== undefined && { activation }) };
      return { index, rowShape, isInt32: type === 'int32', info };
    }
    throw new KdError({
      code: 'KD_TAP_UNKNOWN',
      where,
      argument: 'request.taps',
      expected: `taps among ${names.join(', ') || '(none stored)'}`,
      received: describeTap(tap),
      remedy: 'Store this tap too, or use the teacher itself for terms that read it.',
    });
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
  lengths: LengthsOfBatch | undefined,
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
  // The padding of a sequence is not part of its input.
  const counted = lengths && { lengths: lengths.stored.slice(0, examples.length) };
  const digests = await inputDigests(inputs, examples.length, counted);
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
