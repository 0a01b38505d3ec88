import { conventions, KdError } from '@kd/core';
import { columnNames, memberColumns, widthOf } from '../files/columns.js';
import type { SetHeader } from '../files/manifest.js';
import { encodeParquet } from '../files/parquet.js';
import type { ParquetColumn } from '../files/parquet.js';
import { roundToHalf } from '../half.js';
import { takeTop } from '../top-k.js';
import type { Answer } from './ask.js';
import { where } from './options.js';

/** The rows of the next file. */
export interface PartBuffer {
  readonly rows: () => number;
  readonly isFull: () => boolean;
  /** Adds row `row` of an answer; throws for outputs that cannot be stored. */
  readonly add: (id: string, input: number, answer: Answer, row: number) => void;
  /** Returns the bytes of the file and empties the buffer. */
  readonly take: () => Uint8Array;
}

// At most 64 MiB of outputs, unless the caller sets the number of rows.
const mostValues = 2 ** 24;

/** The default number of examples per file. */
export function defaultRows(header: SetHeader): number {
  const width = (header.values.topK ?? widthOf(header)) * header.members.length;
  return Math.max(1, Math.min(10_000, Math.floor(mostValues / width)));
}

/** A buffer for `capacity` rows. */
export function partBuffer(header: SetHeader, capacity: number): PartBuffer {
  const { values: kept, members, output } = header;
  const width = widthOf(header);
  const k = kept.topK;
  const stored = k ?? width;
  const isHalf = kept.dtype === 'float16';
  const ids: string[] = [];
  // The caller may want a single file, whatever the number of examples.
  let room = Math.min(capacity, defaultRows(header));
  let inputs = new Int32Array(room);
  const columns = members.map(() => ({
    values: new Float32Array(room * stored),
    classes: new Int32Array(k === undefined ? 0 : room * stored),
    logRemaining: new Float32Array(k === undefined ? 0 : room),
  }));
  const grow = (): void => {
    room = Math.min(capacity, 2 * room);
    inputs = copied(inputs, new Int32Array(room));
    for (const column of columns) {
      column.values = copied(column.values, new Float32Array(room * stored));
      if (k === undefined) continue;
      column.classes = copied(column.classes, new Int32Array(room * stored));
      column.logRemaining = copied(column.logRemaining, new Float32Array(room));
    }
  };
  return {
    rows: () => ids.length,
    isFull: () => ids.length === capacity,
    add: (id, input, { outputs }, row) => {
      const to = ids.length;
      if (to === room) grow();
      for (const [index, { values, classes, logRemaining }] of columns.entries()) {
        const given = outputs[index] as Float32Array;
        const [start, end] = [to * stored, (to + 1) * stored];
        checkFinite(given, row * width, (row + 1) * width, id);
        if (k === undefined) values.set(given.subarray(row * width, (row + 1) * width), start);
        else {
          const logits = conventions[output.convention].isLogits;
          takeTop(given, { from: row, to, width, k, logits }, { values, classes, logRemaining });
        }
        if (isHalf) {
          roundToHalf(values, start, end);
          checkInRange(values, start, end, id);
        }
      }
      inputs[to] = input;
      ids.push(id);
    },
    take: () => {
      const rows = ids.length;
      const names = memberColumns(header);
      const own = columns.flatMap(({ values, classes, logRemaining }, index): ParquetColumn[] => {
        const name = names[index] as (typeof names)[number];
        const list = { name: name.outputs, values: values.subarray(0, rows * stored), width: stored };
        if (k === undefined) return [list];
        return [
          { name: name.classes, values: classes.subarray(0, rows * stored), width: stored },
          list,
          { name: name.logRemaining, values: logRemaining.subarray(0, rows) },
        ];
      });
      const shared: ParquetColumn[] = [
        { name: columnNames.id, texts: ids },
        { name: columnNames.input, values: inputs.subarray(0, rows) },
      ];
      const bytes = encodeParquet([...shared, ...own], rows);
      ids.length = 0;
      return bytes;
    },
  };
}

function copied<T extends Float32Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

function checkFinite(values: Float32Array, start: number, end: number, id: string): void {
  // The sum is finite unless an addend is not, and cheaper than testing each. In float64, 2^24 float32
  // numbers cannot overflow it.
  let sum = 0;
  for (let index = start; index < end; index++) sum += values[index] as number;
  if (Number.isFinite(sum)) return;
  throw new KdError({
    code: 'KD_TEACHER_NOT_FINITE',
    where,
    argument: `the answer for ${JSON.stringify(id)}`,
    expected: 'finite',
    received: String(values.subarray(start, end).find((value) => !Number.isFinite(value))),
    remedy: "Check this example and the teacher's output for it.",
  });
}

function checkInRange(values: Float32Array, start: number, end: number, id: string): void {
  if (!values.subarray(start, end).some((value) => !Number.isFinite(value))) return;
  throw new KdError({
    code: 'KD_OPTION_RANGE',
    where,
    argument: 'options.dtype',
    expected: '"float32" for outputs beyond 65504',
    received: `"float16" and an output beyond 65504 for ${JSON.stringify(id)}`,
    remedy: 'Store the outputs as float32.',
  });
}
