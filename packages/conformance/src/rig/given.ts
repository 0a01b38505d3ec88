import { seededNumbers } from './seeded-numbers.js';
import type { Shapes } from '../subject.js';
import type { Slot } from './slots.js';

/** One value of a batch: the numbers of all examples, one after the other. */
export interface Column {
  readonly slot: Slot;
  readonly values: readonly number[];
}

/** A batch as plain numbers, before it becomes tensors. */
export interface Given {
  /** Number of examples. */
  readonly size: number;
  readonly columns: readonly Column[];
  /** The row of each example in the data set. */
  readonly rows: readonly number[];
  readonly datasetSize: number;
}

/** A batch of a size, the same for the same seed; no two examples are alike. */
export function givenFor(slots: readonly Slot[], shapes: Shapes, size: number, seed = 1): Given {
  const { datasetSize = 16 } = shapes;
  const classes = shapes.classes ?? slots.find(({ side }) => side === 'student')?.shape.at(-1) ?? 2;
  return {
    size,
    datasetSize,
    rows: Array.from({ length: size }, (_, index) => (3 * index + seed) % datasetSize),
    columns: slots.map((slot, index) => ({
      slot,
      values: numbersFor(slot, size, classes, seededNumbers(1000 * seed + index)),
    })),
  };
}

/** How many numbers an example has. */
export function sizeOf({ shape }: Slot): number {
  return shape.reduce((product, length) => product * length, 1);
}

function numbersFor(slot: Slot, size: number, classes: number, next: () => number): number[] {
  const { kind } = slot;
  const numbers = Array.from({ length: size * sizeOf(slot) }, () => 4 * next() - 2);
  if (kind === 'class-ids')
    return numbers.map((x) => Math.min(classes - 1, Math.floor(((x + 2) / 4) * classes)));
  if (kind === 'sigmoid-probabilities') return numbers.map((x) => (x + 2) / 4);
  return kind === 'probabilities' ? softmaxOfRows(numbers, slot.shape.at(-1) ?? 1) : numbers;
}

function softmaxOfRows(numbers: readonly number[], width: number): number[] {
  return numbers.map((x, index) => {
    const start = index - (index % width);
    const row = numbers.slice(start, start + width);
    return Math.exp(x) / row.reduce((sum, one) => sum + Math.exp(one), 0);
  });
}

/** The examples `rows` of a batch, in that order. */
export function examplesOf(given: Given, rows: readonly number[]): Given {
  return {
    ...given,
    size: rows.length,
    rows: rows.map((row) => given.rows[row] as number),
    columns: given.columns.map(({ slot, values }) => {
      const width = sizeOf(slot);
      return { slot, values: rows.flatMap((row) => values.slice(row * width, (row + 1) * width)) };
    }),
  };
}

/** A batch with other numbers where `change` says so. */
export function withValues(given: Given, change: (column: Column) => readonly number[] | undefined): Given {
  const columns = given.columns.map((column) => ({ ...column, values: change(column) ?? column.values }));
  return { ...given, columns };
}

/** Columns of models whose numbers may be anything: features, logits and values. */
export function isUnbounded({ slot: { side, kind } }: Column): boolean {
  return (side === 'student' || side === 'teacher') && !kind.includes('probabilities');
}
