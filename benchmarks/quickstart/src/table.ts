import { meanWithRange } from '@kd-benchmarks/experiment';
import Table from 'cli-table3';

/** One row of the table: models of one kind. */
export interface Row {
  readonly name: string;
  readonly learnsFrom: string;
  /** Test errors of each seed. */
  readonly errors: readonly number[];
  readonly parameters: number;
  readonly millisecondsPerImage: number;
}

/** The table as text. */
export function drawTable(rows: readonly Row[]): string {
  const count = (value: number): string => value.toLocaleString('en-US');
  const table = new Table({
    head: ['', 'learns from', 'test errors of 10,000', 'parameters', 'bytes', 'ms per image'],
    colAligns: ['left', 'left', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [] },
  });
  table.push(
    ...rows.map(({ name, learnsFrom, errors, parameters, millisecondsPerImage }) => [
      name,
      learnsFrom,
      meanWithRange(errors),
      count(parameters),
      count(4 * parameters),
      millisecondsPerImage.toFixed(3),
    ]),
  );
  return table.toString();
}
