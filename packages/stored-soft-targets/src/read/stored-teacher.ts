import { resolve } from 'node:path';
import { describeTeacher, onlyOutput, optionsOf, teacher, text, unchecked, whole } from '@kd/core';
import type { Teacher } from '@kd/core';
import { hasSequences } from '../files/columns.js';
import type { Manifest } from '../files/manifest.js';
import { sha256 } from '../files/read-part.js';
import type { RemainingMass } from '../remaining-mass.js';
import {
  checkFingerprint,
  checkRemaining,
  compareInputs,
  idsOf,
  numberOf,
  storedTaps,
  wantedOutputs,
} from './check-request.js';
import { answerTensor } from './answer-tensor.js';
import type { ValueOfRows } from './answer-tensor.js';
import { lengthsOfBatch } from './lengths-of-batch.js';
import { loadSet, sealedManifest } from './load-set.js';
import { readableOutputs } from './stored-outputs.js';

/** Options of `storedTeacher`. */
export interface StoredTeacherOptions {
  /** The fingerprint that the stored teacher must have. */
  readonly expect?: string;
  /**
   * For a set of the k largest outputs, and only allowed there: `spreadEvenly`, `ignoreRemaining`, or your
   * own function. Without it the set answers with the k largest, but not with the whole output.
   */
  readonly remaining?: RemainingMass;
  /**
   * Number of examples per batch whose inputs are compared with those of the stored targets, a whole number
   * >= 0; default 1, which reveals augmented batches and shifted ids, because those change all examples. 0
   * compares none.
   */
  readonly checkInputs?: number;
}

/** A teacher that answers from files. */
export interface StoredTeacher extends Teacher {
  /** Number of examples. */
  readonly count: number;
  /**
   * Rejects with `KD_TARGETS_MISMATCH` unless `teacher` is the unchanged teacher whose outputs are stored.
   */
  readonly verify: (teacher: Teacher) => Promise<void>;
}

const where = 'storedTeacher';

const storedTeacherOptions = optionsOf<StoredTeacherOptions>()({
  expect: text.optional(),
  // Which values are valid depends on the set.
  remaining: unchecked<RemainingMass>('a way to spread the remaining mass').optional(),
  checkInputs: whole(0).default(1),
});

/**
 * A teacher that answers with the outputs stored by `storeSoftTargets`, by the id of each example, in any
 * order.
 *
 * All files are read once and checked against the checksums in the manifest. Outputs stay in memory as they
 * are in the files: 4 bytes each, 2 with float16, 8 for each of the k largest. An id identifies one input: an
 * augmented version of an example needs a separate id.
 *
 * Sequences are answered in the length of `batch.mask`, `[B, L]`, with zeros after the end of each; without a
 * mask, all of the batch must have the length of the inputs.
 *
 * The k largest of the output `output` of one teacher are read as outputs of values: their classes,
 * `output/top`, int32 `[B, ..., k]`, largest first; `output/log-probabilities`, `[B, ..., k]`, at T = 1; and
 * `output/log-remaining`, `[B, ...]`, the logarithm of the probability of all other classes together. The
 * whole output is filled in only when asked for.
 *
 * @param directory the directory of the set
 * @param options what the set must be, and how to read it
 * @returns a frozen `Teacher` with the stored taps. For a set of float32 it has the fingerprint of the
 *   original teacher, because it gives the same answers. Its `predict` rejects with `KD_TERM_NEEDS` for a
 *   batch without ids, `KD_ID_UNKNOWN` for an id that is not stored, `KD_ID_INPUT` for an id that is stored
 *   for another input, `KD_INPUT_MISSING` for a batch without inputs to compare, `KD_OUTPUT_UNKNOWN` and
 *   `KD_TAP_UNKNOWN` for what is not stored, `KD_OPTION_TYPE` for an output that needs `remaining`, and for
 *   sequences `KD_TENSOR_SHAPE`, `KD_TERM_NEEDS`, `KD_TARGETS_MISMATCH` for a mask that is missing, or that
 *   does not fit what is stored
 * @throws rejects with `KD_OPTION_TYPE`, `KD_OPTION_RANGE`, `KD_OPTION_UNKNOWN` for options;
 *   `KD_TARGETS_INCOMPLETE` for an unfinished set and for unmerged shards; `KD_TARGETS_DAMAGED` if a file is
 *   missing, truncated or altered, and `KD_ID_DUPLICATE` for an id in two files, naming them;
 *   `KD_TARGETS_MISMATCH` if the teacher is not the expected one; `KD_FILE_READ` for a directory that cannot
 *   be read
 *
 * @example
 * ```ts
 * import { storedTeacher, storeSoftTargets } from '@kd/stored-soft-targets/node';
 * import type { Teacher } from '@kd/core';
 * import { mul, tensor2d } from '@tensorflow/tfjs-core';
 * import { mkdtemp } from 'node:fs/promises';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * const teacher: Teacher = {
 *   describe: async () => ({ outputs: { output: { convention: 'logits', shape: [null, 2] } }, taps: [], fingerprint: 'doubles', frozen: true }),
 *   predict: async ({ inputs: { x } }) => ({ members: [{ outputs: { output: mul(x!, 2) }, weight: 1 }], taps: [] }),
 * };
 * const inputs = { x: { values: Float32Array.of(1, 2, 3, 4), shape: [2, 2] } };
 * const out = join(await mkdtemp(join(tmpdir(), 'kd-')), 'targets');
 * await storeSoftTargets({ teacher, data: { inputs, ids: ['a', 'b'] }, out });
 *
 * const stored = await storedTeacher(out);
 * await stored.verify(teacher);
 * const { members } = await stored.predict({ inputs: { x: tensor2d([[3, 4]]) }, ids: ['b'] }, { outputs: ['output'], taps: [] });
 * console.log(await members[0]?.outputs['output']?.array());
 * // [ [ 6, 8 ] ]
 * ```
 */
export async function storedTeacher(
  directory: string,
  options: StoredTeacherOptions = {},
): Promise<StoredTeacher> {
  text.read({ where, argument: 'directory' }, directory);
  const { expect, remaining, checkInputs } = storedTeacherOptions.read(where, options);
  const path = resolve(directory);
  const manifest = await sealedManifest(where, path);
  checkRemaining(manifest, remaining);
  if (expect !== undefined) checkFingerprint('options.expect', manifest, expect);
  const set = await loadSet(where, path, manifest, remaining);
  const outputs = readableOutputs(manifest, remaining !== undefined);
  const withLengths = hasSequences(manifest);
  const infos = Object.fromEntries(Object.entries(outputs).map(([name, { info }]) => [name, info]));
  return {
    count: manifest.count,
    describe: async ({ taps }) => {
      const stored = storedTaps(manifest, taps).map(({ info }) => info);
      const fingerprint = fingerprintOf(manifest, remaining);
      return Promise.resolve({ outputs: infos, taps: stored, fingerprint, frozen: true });
    },
    predict: async (batch, request) => {
      request.signal?.throwIfAborted();
      const wanted = wantedOutputs(manifest, outputs, request.outputs);
      const taps = storedTaps(manifest, request.taps);
      if (wanted.length === 0 && taps.length === 0) return { members: [], taps: [] };
      const ids = idsOf(batch);
      const examples = ids.map((id) => numberOf(set, directory, id));
      const lengths = withLengths ? await lengthsOfBatch(batch, ids, examples.map(set.lengthOf)) : undefined;
      await compareInputs(set, batch, examples.slice(0, checkInputs), lengths);
      const members = manifest.members.map(({ weight }, member) => {
        const read = wanted.map(([name, { rowShape, isInt32 }]) => {
          const copy: ValueOfRows['copy'] = (example, into) => {
            set.copyOutput(member, name, example, into);
          };
          return [name, answerTensor(examples, { rowShape, isInt32, copy }, lengths)] as const;
        });
        return { outputs: Object.fromEntries(read), weight };
      });
      return {
        members: wanted.length === 0 ? [] : members,
        taps: taps.map(({ index, rowShape, isInt32 }) => {
          const copy: ValueOfRows['copy'] = (example, into) => {
            set.copyTap(index, example, into);
          };
          return answerTensor(examples, { rowShape, isInt32, copy }, lengths);
        }),
      };
    },
    verify: async (given) => {
      const checked = teacher.read({ where, argument: 'teacher' }, given);
      const { fingerprint } = await describeTeacher(checked, { taps: [] });
      checkFingerprint('the fingerprint of the teacher', manifest, fingerprint);
    },
  };
}

/**
 * The fingerprint of the original teacher if the answers are identical, or a new one if they are rounded or
 * cut to the k largest.
 */
function fingerprintOf(
  { teacher, outputs, values: { dtype } }: Manifest,
  remaining: RemainingMass | undefined,
): string {
  const cut = Object.entries(outputs).filter(([, { topK }]) => topK !== undefined);
  if (dtype === 'float32' && cut.length === 0) return teacher.fingerprint;
  const byName = cut.map(([name, { topK }]) => (name === onlyOutput ? topK : [name, topK]));
  const topK = byName.length > 1 ? byName : byName[0];
  return sha256(JSON.stringify([teacher.fingerprint, dtype, topK, remaining?.id]));
}
