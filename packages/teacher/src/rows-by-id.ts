import { describeValue, KdError } from '@kd/core';
import { checkIds } from '@kd/data';

/** Rows of numbers by the id of the example. */
export type StoredAnswers =
  | ReadonlyMap<string, ArrayLike<number>>
  | { readonly ids: readonly string[]; readonly rows: readonly ArrayLike<number>[] };

/** Rows of several outputs by name, by the id of the example. */
export type NamedAnswers =
  | ReadonlyMap<string, Readonly<Record<string, ArrayLike<number>>>>
  | {
      readonly ids: readonly string[];
      readonly rows: Readonly<Record<string, readonly ArrayLike<number>[]>>;
    };

/** The answers of one output; throws `KD_OUTPUT_UNKNOWN` if there are none of this name. */
export function answersOf(where: string, answers: NamedAnswers, name: string): StoredAnswers {
  if (answers instanceof Map) {
    const entries = [...(answers as Map<string, unknown>)];
    return new Map(
      entries.map(([id, rows]) => [id, rowOf(where, `the row of ${JSON.stringify(id)}`, rows, name)]),
    );
  }
  const { ids, rows } = Object(answers) as { ids: readonly string[]; rows: unknown };
  return { ids, rows: rowOf(where, 'answers.rows', rows, name) as unknown as ArrayLike<number>[] };
}

function rowOf(where: string, argument: string, rows: unknown, name: string): ArrayLike<number> {
  const byName = Object(rows) as Readonly<Record<string, ArrayLike<number>>>;
  const own = Object.hasOwn(byName, name) ? byName[name] : undefined;
  if (own !== undefined) return own;
  const remedy = 'Pass the rows of each output under its name: { boxes: ..., classes: ... }.';
  const expected = `an object with ${JSON.stringify(name)}`;
  throw fault(where, 'KD_OUTPUT_UNKNOWN', argument, expected, describeValue(rows), remedy);
}

/** Rows as float32, in one piece of memory. */
export interface Rows {
  readonly rows: Map<string, Float32Array>;
  readonly values: Float32Array;
  /** The length of a row. */
  readonly length: number;
}

/** Copies the rows; throws unless there is one row per id and all have the same length. */
export function rowsById(where: string, answers: StoredAnswers): Rows {
  const entries =
    answers instanceof Map ? [...(answers as Map<string, ArrayLike<number>>)] : paired(where, answers);
  const ids: unknown = entries.map(([id]) => id);
  checkIds(where, 'answers.ids', ids, entries.length);
  const [first] = entries;
  if (first === undefined) {
    throw fault(
      where,
      'KD_BATCH_EMPTY',
      'answers',
      'at least one row',
      'none',
      'Pass the answers of the teacher.',
    );
  }
  const length = isRow(first[1]) ? first[1].length : 0;
  const values = new Float32Array(entries.length * length);
  const rows = new Map<string, Float32Array>();
  for (const [index, [id, row]] of entries.entries()) {
    const argument = `the row of ${JSON.stringify(id)}`;
    if (!isRow(row)) {
      const remedy = 'Pass arrays or typed arrays of numbers.';
      throw fault(where, 'KD_OPTION_TYPE', argument, 'a list of numbers', describeValue(row), remedy);
    }
    if (row.length !== length) {
      const expected = `a list of ${String(length)} numbers, like the row of ${JSON.stringify(first[0])}`;
      throw fault(
        where,
        'KD_TENSOR_SHAPE',
        argument,
        expected,
        String(row.length),
        'Give each example one number per class.',
      );
    }
    if (rows.has(id)) {
      const remedy = 'Give each example a different id.';
      throw fault(
        where,
        'KD_DATA_LENGTH',
        'answers.ids',
        'all different',
        `${JSON.stringify(id)} twice`,
        remedy,
      );
    }
    values.set(row, index * length);
    rows.set(id, values.subarray(index * length, (index + 1) * length));
  }
  return { rows, values, length };
}

function paired(where: string, answers: unknown): (readonly [string, ArrayLike<number>])[] {
  const { ids, rows }: { ids?: unknown; rows?: unknown } = Object(answers) as object;
  if (!Array.isArray(ids) || !Array.isArray(rows)) {
    const remedy = 'Pass new Map([[id, row], ...]) or { ids: [...], rows: [[...], ...] }.';
    throw fault(
      where,
      'KD_OPTION_TYPE',
      'answers',
      'a Map from id to row, or { ids, rows }',
      describeValue(answers),
      remedy,
    );
  }
  if (ids.length !== rows.length) {
    const received = `${String(ids.length)} ids and ${String(rows.length)} rows`;
    throw fault(
      where,
      'KD_DATA_LENGTH',
      'answers',
      'one row per id',
      received,
      'Add the missing rows or ids.',
    );
  }
  return (ids as string[]).map((id, index) => [id, rows[index] as ArrayLike<number>]);
}

function isRow(row: unknown): row is ArrayLike<number> {
  if (!Array.isArray(row) && (!ArrayBuffer.isView(row) || row instanceof DataView)) return false;
  const values = row as ArrayLike<unknown>;
  return values.length > 0 && Array.prototype.every.call(values, (value) => typeof value === 'number');
}

function fault(
  where: string,
  code: 'KD_OPTION_TYPE' | 'KD_BATCH_EMPTY' | 'KD_TENSOR_SHAPE' | 'KD_DATA_LENGTH' | 'KD_OUTPUT_UNKNOWN',
  argument: string,
  expected: string,
  received: string,
  remedy: string,
): KdError {
  return new KdError({ code, where, argument, expected, received, remedy });
}
