import { columnNames, hasSequences } from '../files/columns.js';
import type { SetHeader } from '../files/manifest.js';
import { encodeParquet } from '../files/encode-parquet.js';
import type { ParquetColumn } from '../files/encode-parquet.js';
import type { Answer } from './ask.js';
import { columnsOfSet } from './columns-of-set.js';
import { withRoom } from './value-column.js';

/** The rows of the next file. */
export interface PartBuffer {
  readonly rows: () => number;
  readonly isFull: () => boolean;
  /** Adds row `row` of an answer; throws for outputs that cannot be stored. */
  readonly add: (id: string, input: number, answer: Answer, row: number) => void;
  /** Returns the bytes of the file and empties the buffer. */
  readonly take: () => Uint8Array;
}

const mostRows = 10_000;
// 64 MiB of outputs, unless the caller sets the number of rows.
const mostValues = 2 ** 24;

/** A buffer for so many rows; default: 10,000, or fewer if another row like the last would be too much. */
export function partBuffer(header: SetHeader, rowsPerFile: number | undefined): PartBuffer {
  const ids: string[] = [];
  let inputs = new Int32Array(0);
  let lengths = new Int32Array(0);
  const columns = columnsOfSet(header);
  const withLengths = hasSequences(header);
  // The positions of all sequences, and the numbers of all rows and of the last.
  let [positions, values, last] = [0, 0, 0];
  return {
    rows: () => ids.length,
    isFull: () =>
      rowsPerFile === undefined
        ? ids.length === mostRows || values + last > mostValues
        : ids.length === rowsPerFile,
    add: (id, input, answer, row) => {
      const to = ids.length;
      const { padded, lengths: ofBatch } = answer;
      const length = ofBatch?.[row] ?? padded;
      last = 0;
      for (const column of columns) {
        const entries = column.isSequence
          ? { from: row * padded, to: positions, count: length }
          : { from: row, to, count: 1 };
        column.put(column.of(answer), entries, id);
        last += entries.count * column.size;
      }
      inputs = withRoom(inputs, to + 1);
      inputs[to] = input;
      lengths = withRoom(lengths, to + 1);
      lengths[to] = length;
      values += last;
      positions += length;
      ids.push(id);
    },
    take: () => {
      const rows = ids.length;
      const ofRows = lengths.subarray(0, rows);
      const shared: ParquetColumn[] = [
        { name: columnNames.id, texts: ids },
        { name: columnNames.input, values: inputs.subarray(0, rows) },
        ...(withLengths ? [{ name: columnNames.length, values: ofRows }] : []),
      ];
      const stored = columns.flatMap((column) =>
        column.isSequence ? column.take(positions, ofRows) : column.take(rows, undefined),
      );
      const bytes = encodeParquet([...shared, ...stored], rows);
      ids.length = 0;
      [positions, values] = [0, 0];
      return bytes;
    },
  };
}
