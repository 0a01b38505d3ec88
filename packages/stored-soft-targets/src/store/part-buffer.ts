import { conventions } from '@kd/core';
import { columnNames, outputColumns, tapColumn } from '../files/columns.js';
import { classesOf, sizeOf } from '../files/row-shape.js';
import type { SetHeader, StoredOutput } from '../files/manifest.js';
import { encodeParquet } from '../files/encode-parquet.js';
import type { ParquetColumn } from '../files/encode-parquet.js';
import type { Answer } from './ask.js';
import { topColumns } from './top-columns.js';
import { grown, valueColumn } from './value-column.js';
import type { ValueColumns } from './value-column.js';

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
export function defaultRows({ outputs, taps = [], members }: SetHeader): number {
  const widths = Object.values(outputs).map(storedWidth);
  const width =
    members.length * widths.reduce((sum, each) => sum + each, 0) +
    taps.reduce((sum, { rowShape }) => sum + sizeOf(rowShape), 0);
  return Math.max(1, Math.min(10_000, Math.floor(mostValues / width)));
}

function storedWidth({ rowShape, topK }: StoredOutput): number {
  return topK === undefined ? sizeOf(rowShape) : classesOf({ rowShape }).positions * topK;
}

/** The columns of one value, and the numbers of an answer that they hold. */
interface Stored extends ValueColumns {
  readonly of: (answer: Answer) => Float32Array | Int32Array;
}

/** A buffer for `capacity` rows. */
export function partBuffer(header: SetHeader, capacity: number): PartBuffer {
  const ids: string[] = [];
  let inputs = new Int32Array(0);
  const columns = [...columnsOfOutputs(header), ...columnsOfTaps(header)];
  let room = 0;
  // The caller may want a single file, whatever the number of examples.
  const grow = (): void => {
    room = Math.min(capacity, room === 0 ? defaultRows(header) : 2 * room);
    inputs = grown(inputs, room);
    for (const column of columns) column.grow(room);
  };
  return {
    rows: () => ids.length,
    isFull: () => ids.length === capacity,
    add: (id, input, answer, row) => {
      const to = ids.length;
      if (to === room) grow();
      for (const { put, of } of columns) put(of(answer), row, to, id);
      inputs[to] = input;
      ids.push(id);
    },
    take: () => {
      const rows = ids.length;
      const shared: ParquetColumn[] = [
        { name: columnNames.id, texts: ids },
        { name: columnNames.input, values: inputs.subarray(0, rows) },
      ];
      const bytes = encodeParquet([...shared, ...columns.flatMap(({ take }) => take(rows))], rows);
      ids.length = 0;
      return bytes;
    },
  };
}

function columnsOfOutputs(header: SetHeader): Stored[] {
  const isHalf = header.values.dtype === 'float16';
  return Object.entries(header.outputs).flatMap(([name, { rowShape, topK, type, convention }]) =>
    outputColumns(header, name).map((names, member) => {
      const areLogits = conventions[convention].scale === 'logits';
      const column =
        topK === undefined
          ? valueColumn(names.values, {
              width: sizeOf(rowShape),
              isInt32: type === 'int32',
              isHalf,
            })
          : topColumns(names, { k: topK, ...classesOf({ rowShape }), areLogits, isHalf });
      const of = ({ outputs }: Answer): Float32Array => outputs[name]?.values[member] as Float32Array;
      return { ...column, of };
    }),
  );
}

function columnsOfTaps({ taps = [], values }: SetHeader): Stored[] {
  const isHalf = values.dtype === 'float16';
  return taps.map((tap, index) => ({
    ...valueColumn(tapColumn(tap), {
      width: sizeOf(tap.rowShape),
      isInt32: tap.type === 'int32',
      isHalf,
    }),
    of: (answer) => answer.taps[index]?.values[0] as Float32Array,
  }));
}
