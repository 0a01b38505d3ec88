import type { Check } from '../check.js';
import { withSubject } from '../check.js';
import { few } from '../close.js';
import { conforms } from '../nonconformity.js';
import { withValues } from '../rig/given.js';
import type { Given } from '../rig/given.js';
import { lossAt, measure } from '../rig/measure.js';
import { moved } from '../rig/moved.js';
import { seededNumbers } from '../rig/seeded-numbers.js';
import type { Slot } from '../rig/slots.js';
import type { Shapes } from '../subject.js';

/** What holds where the student says what the teacher says. */
export const equalityChecks: readonly Check[] = [
  {
    name: 'finite-at-equality',
    rule: 'is finite where student and teacher are equal, with its gradient',
    applies: ({ shapes }) => canBeEqual(shapes),
    run: (subject) =>
      withSubject(subject, async (rig, given) => {
        const { loss, gradients } = await measure(rig, equal(given));
        const slopes = Object.values(gradients).flatMap((slope) => slope ?? []);
        conforms(
          Number.isFinite(loss) && slopes.every(Number.isFinite),
          () => `There the loss is ${String(loss)}, its gradient ${few(slopes)}.`,
        );
      }),
  },
  {
    name: 'zero-at-equality',
    rule: 'is zero where student and teacher are equal',
    applies: ({ claims }) => claims.atEquality === 'zero',
    run: (subject) =>
      withSubject(subject, async (rig, given) => {
        const [there, elsewhere] = [await lossAt(rig, equal(given)), await lossAt(rig, given)];
        conforms(
          !(Math.abs(there) > 1e-6 * Math.max(1, Math.abs(elsewhere))),
          () => `There the loss is ${String(there)}.`,
        );
      }),
  },
  {
    name: 'minimum-at-equality',
    rule: 'is nowhere lower than where student and teacher are equal',
    applies: ({ claims }) => claims.atEquality !== undefined,
    run: (subject) =>
      withSubject(subject, async (rig, given) => {
        const same = equal(given);
        const there = await lossAt(rig, same);
        for (const { slot, values } of same.columns.filter((column) => column.slot.side === 'student'))
          for (const size of [0.03, 0.3, 3]) {
            const next = seededNumbers(Math.round(100 * size));
            const direction = values.map(() => 2 * next() - 1);
            const nearby = await lossAt(rig, moved(same, slot.key, direction, size));
            conforms(
              !(nearby < there - 1e-6 * Math.max(1, Math.abs(there))),
              () =>
                `There the loss is ${String(there)}, at a distance of ${String(size)} it is ${String(nearby)}.`,
            );
          }
      }),
  },
];

/** Whether each value of the student has one of the teacher of its shape, in their order. */
function canBeEqual({ student = {}, teacher = {} }: Shapes): boolean {
  const shapes = Object.values(student);
  return shapes.length > 0 && JSON.stringify(shapes) === JSON.stringify(Object.values(teacher));
}

/** A batch in which the student has the values of the teacher. */
function equal(given: Given): Given {
  const ofSide = (side: Slot['side']) => given.columns.filter(({ slot }) => slot.side === side);
  const [students, teachers] = [ofSide('student'), ofSide('teacher')];
  return withValues(given, (column) => {
    const at = students.indexOf(column);
    return at === -1 ? undefined : teachers[at]?.values;
  });
}
