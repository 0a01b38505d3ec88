import { resolve } from 'node:path';
import { describeTap, describeTeacher, tensorsOfBatch } from '@kd/core';
import { inputDigests } from '@kd/data';
import { withLock, withWriteFaults } from '@kd/files';
import { dispose } from '@tensorflow/tfjs-core';
import type { BatchWithIds } from '../data/data-to-store.js';
import { dataToStore } from '../data/data-to-store.js';
import type { Manifest } from '../files/manifest.js';
import { directoryOf } from '../files/names.js';
import { ask } from './ask.js';
import { headerOfTeacher } from './header.js';
import { outputsToStore } from './outputs-to-store.js';
import { checkSameHeader } from './same-header.js';
import { knownExamples } from './known-examples.js';
import { storeOptions, where } from './options.js';
import type { StoreOptions, StoreResult } from './options.js';
import { ownFiles, takeOver } from './own-files.js';
import { describesSequence, sequencesOf } from './sequences.js';
import type { Sequences } from './sequences.js';
import { setWriter } from './set-writer.js';
import type { NewRow } from './set-writer.js';

/**
 * Runs a teacher once on every example of a data set and stores its outputs, and taps if wanted, in Parquet
 * files.
 *
 * The files have the columns `id`; `input`, a digest of the example's input; and `logits` (or
 * `probabilities`, `values`), a list with one float32 per number; for an ensemble `logits_0`, `logits_1` and
 * so on. Columns of named outputs start with the name, `boxes/values`; the column of a tap is `conv2d_3/tap`.
 * With `topK` the lists hold the k largest numbers, and the columns `classes` and `log_remaining` are added:
 * the latter is the logarithm of the probability of all other classes together at T = 1. manifest.json
 * describes the rest.
 *
 * Outputs and taps that the teacher describes with an unknown length, `[null, null, V]`, are stored without
 * padding: each row has as many positions as its row of `batch.mask`, `[B, L]`, has ones before the zeros, or
 * L without a mask. The column `length` has their number, and the lists have `length * V` numbers. What the
 * teacher answers at the padding is not read.
 *
 * The same call resumes a run that was killed at any moment, without asking the teacher for stored examples
 * again. The same call with more examples adds them. Only one process at a time writes to a directory. Memory
 * holds the examples of one file, and 40 bytes for each example's id.
 *
 * @param given the teacher, the data, the directory, and how to store the outputs
 * @returns the directory, and the number of examples in it
 * @throws rejects with `KD_OPTION_TYPE`, `KD_OPTION_RANGE`, `KD_OPTION_UNKNOWN`, `KD_OUTPUT_UNKNOWN` for options;
 *   `KD_DATA_TYPE`, `KD_DATA_LENGTH`, `KD_TENSOR_SHAPE`, `KD_TENSOR_TYPE`, `KD_TENSOR_DTYPE`,
 *   `KD_BATCH_EMPTY`, `KD_ID_DUPLICATE` for data, `KD_MASK_GAPS`, `KD_TERM_NEEDS` for the mask of sequences;
 *   `KD_ID_INPUT` if an id is stored for another input; `KD_TEACHER_OUTPUT`, `KD_TEACHER_CONVENTION`,
 *   `KD_TEACHER_NOT_FINITE` for a teacher that is not frozen or whose answers cannot be stored;
 *   `KD_TARGETS_MISMATCH` if the directory has targets of another teacher or in another format,
 *   `KD_TARGETS_DAMAGED` if one of its files is damaged; `KD_FILE_FOREIGN` if other files have the names of
 *   its files; `KD_FILE_BUSY` if another run writes to it; `KD_DISK_FULL`, `KD_FILE_WRITE`, `KD_FILE_READ` if
 *   the file system fails; and with the teacher's error or the signal's reason
 *
 * @example
 * ```ts
 * import { storeSoftTargets } from '@kd/stored-soft-targets/node';
 * import type { Teacher } from '@kd/core';
 * import { mul } from '@tensorflow/tfjs-core';
 * import { mkdtemp } from 'node:fs/promises';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * const teacher: Teacher = {
 *   describe: async () => ({ outputs: { output: { convention: 'logits', shape: [null, 2] } }, taps: [], fingerprint: 'doubles', frozen: true }),
 *   predict: async ({ inputs: { x } }) => ({ members: [{ outputs: { output: mul(x!, 2) }, weight: 1 }], taps: [] }),
 * };
 * const inputs = { x: { values: Float32Array.of(1, 2, 3, 4), shape: [2, 2] } };
 * const out = join(await mkdtemp(join(tmpdir(), 'kd-')), 'targets');
 * const { count, added } = await storeSoftTargets({ teacher, data: { inputs, ids: ['a', 'b'] }, out });
 * console.log(count, added);
 * // 2 2
 * const again = await storeSoftTargets({ teacher, data: { inputs, ids: ['a', 'b'] }, out });
 * console.log(again.added);
 * // 0
 * ```
 */
export async function storeSoftTargets(given: StoreOptions): Promise<StoreResult> {
  const options = storeOptions.read(where, given);
  const { teacher, out, batchSize, shard, signal } = options;
  const data = dataToStore(where, options.data, batchSize, shard);
  signal?.throwIfAborted();
  // Resolved now, so that a later change of the working directory does not move the set.
  const directory = directoryOf(resolve(out), shard);
  await ownFiles(directory);
  const taps = [...new Map((options.taps ?? []).map((tap) => [describeTap(tap), tap])).values()];
  const description = await describeTeacher(teacher, { taps });
  const outputs = outputsToStore(description, options);
  const header = headerOfTeacher(description, outputs, taps, options);
  const shapes = taps.map((tap, index) => ({ tap, shape: description.taps[index]?.shape ?? [] }));
  const isPadded =
    shapes.some(({ shape }) => describesSequence(shape, true)) ||
    Object.values(outputs).some(({ shape, convention }) => describesSequence(shape, convention === 'values'));
  const place = { where, argument: 'options.out', directory, kept: 'the targets stored so far are kept' };
  return withWriteFaults(place, () =>
    withLock(place, async (token) => {
      const begun = await takeOver(directory);
      // A set that has no examples yet may get a different header.
      const there = begun?.count === 0 ? undefined : begun;
      if (there !== undefined) checkSameHeader(directory, there, header);
      const known = await knownExamples(directory, there?.files ?? []);
      const { rowsPerFile } = options;
      const writer = setWriter(directory, there, header, { shard, rowsPerFile, token });
      let [read, found] = [0, 0];
      for await (const batch of data.batches()) {
        try {
          const sequences = isPadded ? await sequencesOf(batch) : undefined;
          const rows = await newRows(batch, sequences, known.isNew);
          if (rows.length > 0) {
            const question = { outputs, taps: shapes };
            await writer.add(rows, await ask(teacher, batch, question, sequences, signal));
          }
          read += batch.ids.length;
          found += batch.ids.length - rows.length;
        } finally {
          dispose(tensorsOfBatch(batch));
        }
        options.onProgress?.({ read, found, stored: writer.stored() });
        signal?.throwIfAborted();
      }
      const before = there?.count ?? 0;
      const isDone = read === found && isFinished(there);
      const { count } = isDone ? (there as Manifest) : await writer.seal(data.summary());
      return { directory, count, added: count - before };
    }),
  );
}

/**
 * The examples of a batch that are not stored yet. The teacher is still asked about the whole batch, so that
 * its answers stay the same.
 */
async function newRows(
  batch: BatchWithIds,
  sequences: Sequences | undefined,
  isNew: (id: string, input: number) => boolean,
): Promise<NewRow[]> {
  const lengths = sequences?.lengths;
  const digests = await inputDigests(
    batch.inputs,
    batch.ids.length,
    lengths === undefined ? {} : { lengths },
  );
  return batch.ids.flatMap((id, row) => {
    const input = digests[row] as number;
    return isNew(id, input) ? [{ row, id, input }] : [];
  });
}

function isFinished(there: Manifest | undefined): boolean {
  return there !== undefined && (there.sealed || there.shard?.complete === true);
}
