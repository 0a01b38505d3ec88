import { Nonconformity } from '../nonconformity.js';
import type { ExampleShape, Shapes } from '../subject.js';
import type { Given } from './given.js';
import type { Rig } from './rig.js';
import type { Side } from './slots.js';

/** Numbers in nested arrays. */
export type Nested = number | readonly Nested[];

/** The values of a batch by the names under which a term reads them; a list of places is a list of arrays. */
export interface ArraysOfBatch {
  readonly student?: Readonly<Record<string, Nested>>;
  readonly teacher?: Readonly<Record<string, Nested>>;
  readonly targets?: Readonly<Record<string, Nested>>;
  readonly inputs?: Readonly<Record<string, Nested>>;
  /** Names of the values that are lists of values. */
  readonly lists?: readonly string[];
  readonly rows?: readonly number[];
  readonly datasetSize?: number;
}

/** The shapes of an example of each value. */
export function shapesOf(arrays: ArraysOfBatch): Shapes {
  const { lists = [], datasetSize } = arrays;
  const of = (side: Side): Record<string, ExampleShape | readonly ExampleShape[]> =>
    Object.fromEntries(
      Object.entries(arrays[side] ?? {}).map(([name, values]) => [
        name,
        lists.includes(`${side}.${name}`)
          ? (values as readonly Nested[]).map((one) => shapeOf(one).slice(1))
          : shapeOf(values).slice(1),
      ]),
    );
  return {
    student: of('student'),
    teacher: of('teacher'),
    targets: of('targets'),
    inputs: of('inputs'),
    ...(datasetSize === undefined ? {} : { datasetSize }),
  };
}

/** The batch of a rig with these values. */
export function columnsOf({ slots }: Rig, arrays: ArraysOfBatch): Given {
  const { lists = [], rows, datasetSize = 16 } = arrays;
  const taken: Record<string, number> = {};
  const columns = slots.map((slot) => {
    const path = `${slot.side}.${slot.name}`;
    const values = arrays[slot.side]?.[slot.name];
    if (values === undefined) throw new Nonconformity(`The values lack ${path}.`);
    const index = (taken[path] ??= 0);
    taken[path] = index + 1;
    const own = lists.includes(path) ? ((values as readonly Nested[])[index] ?? []) : values;
    return { slot, values: ([own] as unknown[]).flat(Infinity) as number[], size: shapeOf(own)[0] as number };
  });
  const size = columns[0]?.size ?? 0;
  return { size, columns, rows: rows ?? Array.from({ length: size }, (_, row) => row), datasetSize };
}

function shapeOf(values: Nested): number[] {
  return typeof values === 'number' ? [] : [values.length, ...shapeOf(values[0] ?? 0)];
}
