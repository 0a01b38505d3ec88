import * as arrow from 'apache-arrow';
import * as parquet from 'parquet-wasm/node';
import type { Lists } from './encode-parquet.js';

/**
 * The columns read from a Parquet file. Each throws unless every row has a value of its kind, or a list of so
 * many values, which are flattened row after row.
 */
export interface ParquetTable {
  readonly rows: number;
  readonly texts: (name: string) => readonly string[];
  readonly floats: (name: string, lists?: Lists) => Float32Array;
  readonly integers: (name: string, lists?: Lists) => Int32Array;
}

/**
 * Reads the columns of these names, or all; throws whatever the libraries throw for bytes that are not a
 * Parquet file.
 */
export function decodeParquet(bytes: Uint8Array, names?: readonly string[]): ParquetTable {
  const options = names === undefined ? null : { columns: [...names] };
  const table = arrow.tableFromIPC(parquet.readParquet(bytes, options).intoIPCStream());
  const column = (name: string): arrow.Vector => {
    const found = table.getChild(name);
    if (found === null) throw new Error(`there is no column ${name}`);
    return found;
  };
  return {
    rows: table.numRows,
    texts: (name) => textsOf(name, column(name)),
    floats: (name, lists) => joined(name, column(name), { kind: Float32Array, lists }),
    integers: (name, lists) => joined(name, column(name), { kind: Int32Array, lists }),
  };
}

function textsOf(name: string, vector: arrow.Vector): readonly string[] {
  const texts: unknown[] = Array.from(vector);
  const wrong = texts.findIndex((text) => typeof text !== 'string' || text === '');
  if (wrong !== -1) throw new Error(`row ${String(wrong)} of ${name} has no text`);
  return texts as string[];
}

function joined<T extends Float32Array | Int32Array>(
  name: string,
  vector: arrow.Vector,
  { kind, lists }: { kind: new (length: number) => T; lists: Lists | undefined },
): T {
  let first = 0;
  const pieces = (vector.data as arrow.Data[]).map((data) => {
    const piece = lists === undefined ? valuesOf(name, data) : listsOf(name, data, lists, first);
    first += data.length;
    return piece;
  });
  const all = new kind(pieces.reduce((sum, { length }) => sum + length, 0));
  let start = 0;
  for (const piece of pieces) {
    if (!(piece instanceof kind)) throw new Error(`${name} is not a column of ${kind.name}`);
    all.set(piece, start);
    start += piece.length;
  }
  return all;
}

function valuesOf(name: string, data: arrow.Data): ArrayLike<number> {
  if (data.children.length > 0) throw new Error(`${name} has lists in place of numbers`);
  if (data.nullCount > 0) throw new Error(`${name} has empty places`);
  return (data.values as Float32Array).subarray(0, data.length);
}

// Lists of other lengths would shift the rows after them.
function listsOf(
  name: string,
  data: arrow.Data,
  { width, lengths }: Lists,
  first: number,
): ArrayLike<number> {
  const [child] = data.children as (arrow.Data | undefined)[];
  const isFixed = arrow.DataType.isFixedSizeList(data.type);
  if (child === undefined || !(isFixed || arrow.DataType.isList(data.type)))
    throw new Error(`${name} is not a column of lists`);
  if (data.nullCount > 0) throw new Error(`${name} has empty places`);
  const offsets = data.valueOffsets as Int32Array;
  const startOf = (row: number): number => (isFixed ? row * data.stride : (offsets[row] ?? NaN));
  for (let row = 0; row < data.length; row++) {
    const length = startOf(row + 1) - startOf(row);
    const expected = width * (lengths?.[first + row] ?? 1);
    if (length === expected) continue;
    const found = `row ${String(first + row)} of ${name} has ${String(length)} values`;
    throw new Error(`${found} and not ${String(expected)}`);
  }
  return (valuesOf(name, child) as Float32Array).subarray(startOf(0), startOf(data.length));
}
