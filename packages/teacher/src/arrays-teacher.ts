import { describeShape, describeValue, KdError } from '@kd/core';
import type { Teacher } from '@kd/core';
import { recall } from './remembered-rows.js';
import { checkValues } from './check-convention.js';
import { fingerprintOfRows } from './fingerprint.js';
import { nameOfTap } from './choose-name.js';
import { rowsById } from './rows-by-id.js';
import type { StoredAnswers } from './rows-by-id.js';
import { checkStated, describeOutput, isCompatible, statedOutput } from './stated-output.js';
import type { StatedOutput } from './stated-output.js';

const where = 'arraysTeacher';

/**
 * A teacher from precomputed answers: rows of numbers by the id of the example.
 *
 * Rows are looked up by `batch.ids`, never by position, so shuffling and subsets work. All rows are checked
 * before the first step.
 *
 * @param answers a `Map` from id to row, or `{ ids, rows }` of equal lengths; each row has one number per
 *   class
 * @param options the convention of the numbers; `classes` if they have names; `shape` if a row has more axes,
 *   such as `[null, 7, 10]`
 * @returns a `Teacher` without taps
 * @throws `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`, `KD_BATCH_EMPTY` without rows, `KD_DATA_LENGTH` for ids and
 *   rows of different lengths or a repeated id, `KD_TENSOR_SHAPE` for rows of different lengths,
 *   `KD_CLASSES_MISMATCH`, and what `checkConvention` throws. `predict` rejects with `KD_TERM_NEEDS` for a
 *   batch without ids, `KD_ID_UNKNOWN` for an id without a row
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { arraysTeacher } from '@kd/teacher';
 * const answers = { ids: ['img-1', 'img-2'], rows: [[2, -1], [0, 3]] };
 * const teacher = arraysTeacher(answers, { convention: 'logits', classes: ['cat', 'dog'] });
 * const { members } = await teacher.predict({ inputs: {}, ids: ['img-2', 'img-1'] }, { taps: [] });
 * console.log(await members[0]?.output.array());
 * // [ [ 0, 3 ], [ 2, -1 ] ]
 * ```
 */
export function arraysTeacher(answers: StoredAnswers, options: StatedOutput): Teacher {
  const stated = statedOutput.read(where, options);
  checkStated(where, stated);
  const { rows, values, length } = rowsById(where, answers);
  const described = describeOutput(where, stated, stated.shape ?? [null, length]);
  const rowShape = described.shape.slice(1).map((size) => size ?? NaN);
  if (!isCompatible([null, rowShape.reduce((product, size) => product * size, 1)], [null, length])) {
    throw new KdError({
      code: 'KD_TENSOR_SHAPE',
      where,
      argument: 'options.shape',
      expected: `a shape of ${String(length)} numbers, as many as a row has, without open sizes`,
      received: describeShape(described.shape),
      remedy: 'State the shape of one row after null for the batch.',
    });
  }
  checkValues(where, values, [rows.size, ...rowShape], stated.convention, 'answers');
  const fingerprint = fingerprintOfRows(rows, [stated.convention, describeShape(described.shape)]);
  const noTaps = 'a tap, but precomputed answers have none';
  return {
    describe: ({ taps }) =>
      Promise.resolve().then(() => ({
        output: described,
        taps: taps.map((tap) => [nameOfTap(where, tap, [], noTaps).length]),
        fingerprint,
        frozen: true,
      })),
    predict: async ({ ids }, { taps, outputs = true, signal }) => {
      signal?.throwIfAborted();
      for (const tap of taps) nameOfTap(where, tap, [], noTaps);
      const known = knownIds(ids, rows);
      const output = outputs ? [{ output: recall({ rowShape, rows }, known), weight: 1 }] : [];
      return Promise.resolve({ members: output, taps: [] });
    },
  };
}

function knownIds(ids: readonly string[] | undefined, rows: ReadonlyMap<string, unknown>): readonly string[] {
  if (ids === undefined) {
    throw new KdError({
      code: 'KD_TERM_NEEDS',
      where,
      argument: 'batch.ids',
      expected: 'a list with an id for each example',
      received: describeValue(ids),
      remedy: 'Add ids to the data, one string per example.',
    });
  }
  const unknown = ids.filter((id) => !rows.has(id));
  if (unknown.length === 0) return ids;
  const some = unknown.slice(0, 3).map((id) => JSON.stringify(id));
  throw new KdError({
    code: 'KD_ID_UNKNOWN',
    where,
    argument: 'batch.ids',
    expected: `among the ${String(rows.size)} ids with a stored answer`,
    received: `${some.join(', ')}${unknown.length > 3 ? `, and ${String(unknown.length - 3)} more` : ''}`,
    remedy: 'Add an answer for every example, or remove these examples from the data.',
  });
}
