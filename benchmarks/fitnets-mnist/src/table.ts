import { meanWithRange } from '@kd-benchmarks/experiment';
import Table from 'cli-table3';

/** One row of the table: the teacher, or the students of one way of training. */
export interface Row {
  readonly name: string;
  /** Test errors of each seed, of 10,000. */
  readonly testErrors: readonly number[];
  /** Lowest validation error of each seed in per cent. */
  readonly validationErrors: readonly number[];
  /** Test error in the paper in per cent. */
  readonly published: string;
  readonly parameters: number;
  readonly multiplications: number;
  readonly millisecondsPerImage: number;
}

/** The table as text. */
export function drawTable(rows: readonly Row[]): string {
  const table = new Table({
    head: ['', 'test error in %', 'paper', 'parameters', 'multiplications', 'ms per image'],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [] },
  });
  table.push(
    ...rows.map(({ name, testErrors, published, parameters, multiplications, millisecondsPerImage }) => [
      name,
      meanWithRange(
        testErrors.map((errors) => errors / 100),
        2,
      ),
      published,
      parameters.toLocaleString('en-US'),
      multiplications.toLocaleString('en-US'),
      millisecondsPerImage.toFixed(3),
    ]),
  );
  return table.toString();
}
