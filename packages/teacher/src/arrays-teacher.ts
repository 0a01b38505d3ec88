import { checkBackend, describeShape, describeValue, KdError } from '@kd/core';
import type { Named, OutputInfo, Teacher } from '@kd/core';
import { nameOfTap } from './choose-name.js';
import { fingerprintOfRows, fingerprintOfTexts } from './fingerprint.js';
import { checkValues } from './outputs/check-convention.js';
import { describeOutput } from './outputs/described.js';
import { readStated, statedOutputs } from './outputs/stated.js';
import type { StatedOutput, StatedOutputs } from './outputs/stated.js';
import { checkWanted } from './outputs/wanted.js';
import { recall } from './remembered-rows.js';
import type { RememberedRows } from './remembered-rows.js';
import { answersOf, rowsById } from './rows-by-id.js';
import type { NamedAnswers, StoredAnswers } from './rows-by-id.js';

const where = 'arraysTeacher';

/**
 * A teacher from precomputed answers: rows of numbers by the id of the example.
 *
 * Rows are looked up by `batch.ids`, never by position, so shuffling and subsets work. All rows are checked
 * before the first step.
 *
 * @param answers a `Map` from id to row, or `{ ids, rows }` of equal lengths; each row has one number per
 *   class. With conventions by name, rows by name: a `Map` from id to `{ boxes: row, classes: row }`, or
 *   `{ ids, rows: { boxes: rows, classes: rows } }`
 * @param options the convention of the numbers, or conventions by name; `classes` if they have names; `shape`
 *   if a row has more axes, such as `[null, 7, 10]`
 * @returns a `Teacher` without taps
 * @throws `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`, `KD_BATCH_EMPTY` without rows, `KD_DATA_LENGTH` for ids and
 *   rows of different lengths or a repeated id, `KD_TENSOR_SHAPE` for rows of different lengths,
 *   `KD_CLASSES_MISMATCH`, and what `checkConvention` throws. `predict` rejects with `KD_OUTPUT_UNKNOWN`,
 *   `KD_TERM_NEEDS` for a batch without ids, `KD_ID_UNKNOWN` for an id without a row
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { arraysTeacher } from '@kd/teacher';
 * const answers = { ids: ['img-1', 'img-2'], rows: [[2, -1], [0, 3]] };
 * const teacher = arraysTeacher(answers, { convention: 'logits', classes: ['cat', 'dog'] });
 * const { members } = await teacher.predict({ inputs: {}, ids: ['img-2', 'img-1'] }, { outputs: ['output'], taps: [] });
 * console.log(await members[0]?.outputs['output']?.array());
 * // [ [ 0, 3 ], [ 2, -1 ] ]
 * ```
 */
export function arraysTeacher(answers: StoredAnswers | NamedAnswers, options: StatedOutputs): Teacher {
  const settings = statedOutputs.read(where, options);
  const isNamed = typeof settings.convention !== 'string';
  const outputs = new Map(
    readStated(where, settings).map((stated) => {
      const own = isNamed ? answersOf(where, answers as NamedAnswers, stated.from ?? stated.name) : answers;
      return [stated.name, readRows(stated, own as StoredAnswers)];
    }),
  );
  const read = [...outputs.values()];
  const prints = [...outputs].map(([name, { fingerprint }]) => `${name} ${fingerprint}`);
  const fingerprint = isNamed ? fingerprintOfTexts(prints) : (read[0] as StoredOutput).fingerprint;
  const infos = Object.fromEntries([...outputs].map(([name, { info }]) => [name, info]));
  const noTaps = 'a tap, but precomputed answers have none';
  return {
    describe: ({ taps }) =>
      Promise.resolve().then(() => ({
        outputs: infos,
        taps: taps.map((tap) => ({ shape: [nameOfTap(where, tap, [], noTaps).length] })),
        fingerprint,
        frozen: true,
      })),
    predict: async ({ ids }, request) => {
      request.signal?.throwIfAborted();
      for (const tap of request.taps) nameOfTap(where, tap, [], noTaps);
      checkWanted(where, request.outputs, [...outputs.keys()]);
      const known = knownIds(ids, (read[0] as StoredOutput).rows);
      checkBackend(where);
      const named = request.outputs.map((name) => [name, recall(outputs.get(name) as StoredOutput, known)]);
      const members = named.length === 0 ? [] : [{ outputs: Object.fromEntries(named) as Named, weight: 1 }];
      return Promise.resolve({ members, taps: [] });
    },
  };
}

interface StoredOutput extends RememberedRows {
  readonly info: OutputInfo;
  readonly fingerprint: string;
}

function readRows(stated: StatedOutput, answers: StoredAnswers): StoredOutput {
  const { rows, values, length } = rowsById(where, answers);
  const info = describeOutput(where, stated, stated.shape ?? [null, length]);
  const rowShape = info.shape.slice(1).map((size) => size ?? NaN);
  if (rowShape.reduce((product, size) => product * size, 1) !== length) {
    throw new KdError({
      code: 'KD_TENSOR_SHAPE',
      where,
      argument: `${stated.at}.shape`,
      expected: `a shape of ${String(length)} numbers, as many as a row has, without open sizes`,
      received: describeShape(info.shape),
      remedy: 'State the shape of one row after null for the batch.',
    });
  }
  checkValues(where, values, [rows.size, ...rowShape], stated.convention, 'answers');
  const fingerprint = fingerprintOfRows(rows, [stated.convention, describeShape(info.shape)]);
  return { rowShape, rows, info, fingerprint };
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
