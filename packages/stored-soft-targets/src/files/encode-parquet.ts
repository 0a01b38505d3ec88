import * as arrow from 'apache-arrow';
import * as parquet from 'parquet-wasm/node';
import { startsOf } from './starts.js';

/** How many values each row has in a column of lists. */
export interface Lists {
  /** Values in an entry. */
  readonly width: number;
  /** Entries in each row; default: one in all. */
  readonly lengths?: Int32Array | undefined;
}

/** A column of a Parquet file. The values of lists are given row after row. */
export type ParquetColumn =
  | { readonly name: string; readonly texts: readonly string[] }
  | { readonly name: string; readonly values: Float32Array | Int32Array; readonly lists?: Lists };

/**
 * Writes a Parquet file with one row group. The same columns give the same bytes.
 *
 * Unless a file has lists of whole numbers, the four bytes of float32 are stored in separate streams
 * (BYTE_STREAM_SPLIT). zstd then finds the zeros that rounding to float16 leaves, and the similar exponents.
 */
export function encodeParquet(columns: readonly ParquetColumn[], rows: number): Uint8Array {
  const data = columns.map((column) => dataOf(column, rows));
  const fields = columns.map(
    ({ name }, index) => new arrow.Field(name, (data[index] as arrow.Data).type, false),
  );
  const struct = arrow.makeData({
    type: new arrow.Struct(fields),
    length: rows,
    nullCount: 0,
    children: data,
  });
  const schema = new arrow.Schema(fields);
  const table = new arrow.Table(schema, [new arrow.RecordBatch(schema, struct)]);
  const ipc = arrow.tableToIPC(table, 'stream');
  return parquet.writeParquet(parquet.Table.fromIPCStream(ipc), propertiesFor(columns, rows));
}

function propertiesFor(columns: readonly ParquetColumn[], rows: number): parquet.WriterProperties {
  const splits = !columns.some((column) => 'lists' in column && column.values instanceof Int32Array);
  const { BYTE_STREAM_SPLIT, PLAIN } = parquet.Encoding;
  let properties = new parquet.WriterPropertiesBuilder()
    .setCompression(parquet.Compression.ZSTD)
    .setDictionaryEnabled(false)
    .setStatisticsEnabled(parquet.EnabledStatistics.None)
    .setMaxRowGroupSize(rows)
    .setCreatedBy('@kd/stored-soft-targets')
    .setEncoding(splits ? BYTE_STREAM_SPLIT : PLAIN);
  // This library does not accept nested column paths, so lists take the encoding that is set for all columns.
  for (const column of columns) {
    if (!('lists' in column)) properties = properties.setColumnEncoding(column.name, PLAIN);
  }
  return properties.build();
}

function dataOf(column: ParquetColumn, rows: number): arrow.Data {
  if ('texts' in column) {
    const offsets = new Int32Array(rows + 1);
    for (const [row, text] of column.texts.entries()) {
      offsets[row + 1] = (offsets[row] as number) + Buffer.byteLength(text);
    }
    const data = Buffer.from(column.texts.join(''));
    return arrow.makeData({
      type: new arrow.Utf8(),
      length: rows,
      nullCount: 0,
      valueOffsets: offsets,
      data,
    });
  }
  const { values, lists } = column;
  const child =
    values instanceof Float32Array
      ? arrow.makeData({ type: new arrow.Float32(), length: values.length, nullCount: 0, data: values })
      : arrow.makeData({ type: new arrow.Int32(), length: values.length, nullCount: 0, data: values });
  if (lists === undefined) return child;
  const { width, lengths } = lists;
  const field = new arrow.Field('element', child.type, false);
  if (lengths === undefined) {
    const type = new arrow.FixedSizeList(width, field);
    return arrow.makeData({ type, length: rows, nullCount: 0, child });
  }
  const valueOffsets = startsOf(lengths, width);
  return arrow.makeData({ type: new arrow.List(field), length: rows, nullCount: 0, valueOffsets, child });
}
