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

/** The mean of some numbers. */
export function meanOf(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

function withSpread(errors: readonly number[]): string {
  if (errors.length === 1) return String(errors[0]);
  return `${meanOf(errors).toFixed(0)} (${String(Math.min(...errors))}-${String(Math.max(...errors))})`;
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
      withSpread(errors),
      count(parameters),
      count(4 * parameters),
      millisecondsPerImage.toFixed(3),
    ]),
  );
  return table.toString();
}
