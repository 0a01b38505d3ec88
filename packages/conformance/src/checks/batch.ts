import type { Check } from '../check.js';
import { withSubject } from '../check.js';
import { areClose, few } from '../close.js';
import { conforms } from '../nonconformity.js';
import { examplesOf, givenFor, sizeOf, withValues } from '../rig/given.js';
import type { Given } from '../rig/given.js';
import { measure } from '../rig/measure.js';

const order = [3, 0, 4, 2, 1];

/** How the examples of a batch belong together. */
export const batchChecks: readonly Check[] = [
  {
    name: 'order',
    rule: 'does not depend on the order of the examples',
    applies: ({ claims }) => claims.ordered !== true,
    run: (subject) =>
      withSubject(subject, async (rig, given) => {
        const { values } = await measure(rig, given);
        const other = (await measure(rig, examplesOf(given, order))).values;
        const expected = rig.term.reduces === 'batch' ? values.values : rowsOf(values.values, order);
        conforms(
          areClose(other.values, expected, 1e-5, 1e-7),
          () => `In the order ${order.join(', ')} the values are ${few(other.values)}, not ${few(expected)}.`,
        );
      }),
  },
  {
    name: 'examples-apart',
    rule: 'values each example by itself',
    applies: ({ claims }, { reduces }) => reduces === 'example' && claims.relatesExamples !== true,
    run: (subject) =>
      withSubject(subject, async (rig, given) => {
        const others = givenFor(rig.slots, subject.shapes, given.size, 3);
        const { values } = await measure(rig, given);
        const [first] = [rowsOf(values.values, [0], given.size)];
        const amongOthers = (await measure(rig, withFirstOf(given, others))).values;
        const found = rowsOf(amongOthers.values, [0], given.size);
        conforms(
          areClose(found, first, 1e-5, 1e-7),
          () => `Among other examples the first one is worth ${few(found)}, not ${few(first)}.`,
        );
      }),
  },
  {
    name: 'zero-rows',
    rule: 'is finite where all features of an example are zero',
    run: (subject) =>
      withSubject(subject, async (rig, given) => {
        for (const side of ['student', 'teacher'] as const) {
          const blank = withValues(given, ({ slot, values }) =>
            slot.side === side ? values.with(0, 0).fill(0, 0, sizeOf(slot)) : undefined,
          );
          const { loss, gradients } = await measure(rig, blank);
          const slopes = Object.values(gradients).flatMap((slope) => slope ?? []);
          conforms(
            Number.isFinite(loss) && slopes.every(Number.isFinite),
            () => `With zeros of the ${side} the loss is ${String(loss)}, its gradient ${few(slopes)}.`,
          );
        }
      }),
  },
];

/** The first example of one batch before the others of another one. */
function withFirstOf(given: Given, others: Given): Given {
  const columns = given.columns.map(({ slot, values }, index) => ({
    slot,
    values: [...values.slice(0, sizeOf(slot)), ...(others.columns[index]?.values.slice(sizeOf(slot)) ?? [])],
  }));
  return { ...others, columns, rows: [given.rows[0] as number, ...others.rows.slice(1)] };
}

function rowsOf(values: readonly number[], rows: readonly number[], size = rows.length): number[] {
  const width = values.length / size;
  return rows.flatMap((row) => values.slice(row * width, (row + 1) * width));
}
