import type { ReferenceValues } from '../subject.js';
import type { Given } from './given.js';
import { sizeOf } from './given.js';

/** The values of a batch as nested arrays, by side and name. */
export function asReference({ size, columns }: Given): ReferenceValues {
  const of = (side: keyof ReferenceValues): Record<string, unknown[]> =>
    Object.fromEntries(
      columns
        .filter(({ slot }) => slot.side === side)
        .map(({ slot, values }) => {
          const width = sizeOf(slot);
          const examples = Array.from({ length: size }, (_, row) =>
            // As tensors hold them.
            nested(values.slice(row * width, (row + 1) * width).map(Math.fround), slot.shape),
          );
          return [slot.name, examples];
        }),
    );
  return { student: of('student'), teacher: of('teacher'), targets: of('targets'), inputs: of('inputs') };
}

function nested(numbers: readonly number[], shape: readonly number[]): unknown {
  const [length, ...rest] = shape;
  if (length === undefined) return numbers[0];
  const width = numbers.length / length;
  return Array.from({ length }, (_, index) =>
    nested(numbers.slice(index * width, (index + 1) * width), rest),
  );
}
