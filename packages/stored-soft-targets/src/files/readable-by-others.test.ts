// DuckDB reads the files with SQL alone, independently of this package.
import '@tensorflow/tfjs-backend-cpu';
import { DuckDBInstance } from '@duckdb/node-api';
import { useBackend } from '@kd/testing';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { examples, logitsOf, sineTeacher, withFolder } from '../../test/small.js';
import { batchesOf, numberAt, numbersOf, textTeacher, tokensOf, vocabulary } from '../../test/texts.js';
import { halfBits, halfValues } from '../half.js';
import { storeSoftTargets } from '../store/store-soft-targets.js';

beforeAll(() => useBackend('cpu'));

const rows = [0, 1, 2, 3, 4, 5, 6];

/** The answer of DuckDB to a query of the files below a directory. */
async function query(directory: string, sql: (files: string) => string): Promise<unknown[]> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const files = `read_parquet('${join(directory, '**', '*.parquet')}')`;
  return JSON.parse(
    JSON.stringify((await connection.runAndReadAll(sql(files))).getRowObjectsJson()),
  ) as unknown[];
}

const columns = (files: string): string =>
  `select column_name, column_type from (describe select * from ${files})`;

describe('a file, to DuckDB', () => {
  it('has ids, digests and lists of float32, to the bit', () =>
    withFolder(async (out) => {
      const data = { ...examples(7), ids: rows.map((row) => `ü-${String(row)}`) };
      await storeSoftTargets({ teacher: sineTeacher(), data, out, rowsPerFile: 3 });
      expect(await query(out, columns)).toEqual([
        { column_name: 'id', column_type: 'VARCHAR' },
        { column_name: 'input', column_type: 'INTEGER' },
        { column_name: 'logits', column_type: 'FLOAT[]' },
      ]);
      const found = await query(
        out,
        (files) => `select id, logits::DOUBLE[] as logits from ${files} order by id`,
      );
      expect(found).toEqual(rows.map((row) => ({ id: `ü-${String(row)}`, logits: logitsOf([row]) })));
    }));

  it('has lists of float32 for values rounded to float16', () =>
    withFolder(async (out) => {
      await storeSoftTargets({ teacher: sineTeacher(), data: examples(7), out, dtype: 'float16' });
      const found = await query(
        out,
        (files) => `select logits::DOUBLE[] as logits from ${files} order by id`,
      );
      const rounded = (row: number): number[] =>
        logitsOf([row]).map((logit) => halfValues[halfBits(logit)] as number);
      expect(found).toEqual(rows.map((row) => ({ logits: rounded(row) })));
    }));

  it('has classes, values and the remaining mass for each member with top-k', () =>
    withFolder(async (out) => {
      const teacher = sineTeacher({ weights: [0.5, 0.5], classes: 6 });
      await storeSoftTargets({ teacher, data: examples(7), out, topK: 2 });
      const types = await query(out, columns);
      expect(types.slice(2)).toEqual(
        [0, 1].flatMap((member) => [
          { column_name: `classes_${String(member)}`, column_type: 'INTEGER[]' },
          { column_name: `logits_${String(member)}`, column_type: 'FLOAT[]' },
          { column_name: `log_remaining_${String(member)}`, column_type: 'FLOAT' },
        ]),
      );
      const [found] = await query(
        out,
        (files) =>
          `select classes_1, logits_1::DOUBLE[] as logits, exp(log_remaining_1) as others from ${files} where id = 'img-3'`,
      );
      const logits = logitsOf([3], 6, 1);
      const order = [0, 1, 2, 3, 4, 5].sort((a, b) => (logits[b] as number) - (logits[a] as number));
      const exps = logits.map(Math.exp);
      const sum = (list: number[]): number => list.reduce((total, value) => total + value, 0);
      const others = sum(order.slice(2).map((index) => exps[index] as number)) / sum(exps);
      expect(found).toEqual({
        classes_1: order.slice(0, 2),
        logits: order.slice(0, 2).map((index) => logits[index]),
        others: expect.closeTo(others, 6) as number,
      });
    }));

  it.each([
    [{}, vocabulary],
    [{ topK: { output: 2 } }, 2],
  ])('has the length of each text, and lists of so many positions, with %j', (how, width) =>
    withFolder(async (out) => {
      const data = batchesOf(rows, 3);
      await storeSoftTargets({
        teacher: textTeacher(),
        data,
        out,
        outputs: ['output'],
        ...how,
        rowsPerFile: 4,
      });
      const isCut = 'topK' in how;
      expect(await query(out, columns)).toEqual([
        { column_name: 'id', column_type: 'VARCHAR' },
        { column_name: 'input', column_type: 'INTEGER' },
        { column_name: 'length', column_type: 'INTEGER' },
        ...(isCut ? [{ column_name: 'classes', column_type: 'INTEGER[]' }] : []),
        { column_name: 'logits', column_type: 'FLOAT[]' },
        ...(isCut ? [{ column_name: 'log_remaining', column_type: 'FLOAT[]' }] : []),
      ]);
      const selected = isCut ? ', classes, len(log_remaining)::INTEGER as masses' : '';
      const found = await query(
        out,
        (files) => `select id, length, logits::DOUBLE[] as logits ${selected} from ${files} order by id`,
      );
      const largest = (text: number): number[] =>
        tokensOf(text).flatMap((_, at) => {
          const logits = Array.from({ length: vocabulary }, (_, index) =>
            numberAt(tokensOf(text), at, index),
          );
          return [...logits.keys()].sort((a, b) => (logits[b] ?? 0) - (logits[a] ?? 0)).slice(0, width);
        });
      expect(found).toEqual(
        rows.map((text) => {
          const [length, numbers] = [tokensOf(text).length, numbersOf([text], vocabulary)];
          const classes = largest(text);
          const logits = classes.map(
            (index, place) => numbers[Math.floor(place / width) * vocabulary + index],
          );
          const whole = { id: `text-${String(text)}`, length, logits: isCut ? logits : numbers };
          return isCut ? { ...whole, classes, masses: length } : whole;
        }),
      );
    }),
  );

  it('has probabilities if the teacher outputs them', () =>
    withFolder(async (out) => {
      await storeSoftTargets({
        teacher: sineTeacher({ convention: 'probabilities' }),
        data: examples(7),
        out,
      });
      const sums = await query(
        out,
        (files) => `select round(list_sum(probabilities), 5) as total from ${files}`,
      );
      expect(sums).toEqual(rows.map(() => ({ total: 1 })));
    }));
});
