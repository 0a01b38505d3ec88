import { resolve } from 'node:path';
import { optionsOf, teacher, text, unchecked, whole } from '@kd/core';
import type { Teacher } from '@kd/core';
import { tensor } from '@tensorflow/tfjs-core';
import { widthOf } from '../files/columns.js';
import type { Manifest } from '../files/manifest.js';
import { sha256 } from '../files/read-part.js';
import type { RemainingMass } from '../remaining-mass.js';
import {
  checkFingerprint,
  checkRemaining,
  compareInputs,
  idsOf,
  numberOf,
  refuseTaps,
} from './check-request.js';
import { loadSet, sealedManifest } from './load-set.js';

/** Options of `storedTeacher`. */
export interface StoredTeacherOptions {
  /** The fingerprint that the stored teacher must have. */
  readonly expect?: string;
  /**
   * Required for a set of the k largest outputs, and only allowed there: `spreadEvenly`, `ignoreRemaining`,
   * or your own function.
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
 * @param directory the directory of the set
 * @param options what the set must be, and how to read it
 * @returns a frozen `Teacher` without taps. For a set of float32 it has the fingerprint of the original
 *   teacher, because it gives the same answers. Its `predict` rejects with `KD_TERM_NEEDS` for a batch
 *   without ids, `KD_ID_UNKNOWN` for an id that is not stored, `KD_ID_INPUT` for an id that is stored for
 *   another input, `KD_INPUT_MISSING` for a batch without inputs to compare, and `KD_TAP_UNKNOWN` for a tap
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
 *   describe: async () => ({ output: { convention: 'logits', shape: [null, 2] }, taps: [], fingerprint: 'doubles', frozen: true }),
 *   predict: async ({ inputs: { x } }) => ({ members: [{ output: mul(x!, 2), weight: 1 }], taps: [] }),
 * };
 * const inputs = { x: { values: Float32Array.of(1, 2, 3, 4), shape: [2, 2] } };
 * const out = join(await mkdtemp(join(tmpdir(), 'kd-')), 'targets');
 * await storeSoftTargets({ teacher, data: { inputs, ids: ['a', 'b'] }, out });
 *
 * const stored = await storedTeacher(out);
 * await stored.verify(teacher);
 * const { members } = await stored.predict({ inputs: { x: tensor2d([[3, 4]]) }, ids: ['b'] }, { taps: [] });
 * console.log(await members[0]?.output.array());
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
  const { convention, classes, rowShape } = manifest.output;
  const width = widthOf(manifest);
  return {
    count: manifest.count,
    describe: async ({ taps }) => {
      refuseTaps(taps);
      const output = {
        convention,
        shape: [null, ...rowShape],
        ...(classes === undefined ? {} : { classes }),
      };
      const fingerprint = fingerprintOf(manifest, remaining);
      return Promise.resolve({ output, taps: [], tapActivations: [], fingerprint, frozen: true });
    },
    predict: async (batch, { taps, outputs = true, signal }) => {
      signal?.throwIfAborted();
      refuseTaps(taps);
      if (!outputs) return { members: [], taps: [] };
      const ids = idsOf(batch);
      const examples = ids.map((id) => numberOf(set, directory, id));
      await compareInputs(set, batch, examples.slice(0, checkInputs));
      const members = manifest.members.map(({ weight }, member) => {
        const values = new Float32Array(ids.length * width);
        for (const [row, example] of examples.entries()) {
          set.copyTo(member, example, values.subarray(row * width, (row + 1) * width));
        }
        return { output: tensor(values, [ids.length, ...rowShape], 'float32'), weight };
      });
      return { members, taps: [] };
    },
    verify: async (given) => {
      const { fingerprint } = await teacher
        .read({ where, argument: 'teacher' }, given)
        .describe({ taps: [] });
      checkFingerprint('the fingerprint of the teacher', manifest, fingerprint);
    },
  };
}

/**
 * The fingerprint of the original teacher if the answers are identical, or a new one if they are rounded or
 * cut to the k largest.
 */
function fingerprintOf({ teacher, values }: Manifest, remaining: RemainingMass | undefined): string {
  const { dtype, topK } = values;
  if (dtype === 'float32' && topK === undefined) return teacher.fingerprint;
  return sha256(JSON.stringify([teacher.fingerprint, dtype, topK, remaining?.id]));
}
