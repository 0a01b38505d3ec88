import type { Check } from '../check.js';
import { withSubject } from '../check.js';
import { few } from '../close.js';
import { conforms } from '../nonconformity.js';
import { isUnbounded, withValues } from '../rig/given.js';
import type { Given } from '../rig/given.js';
import { measure } from '../rig/measure.js';

// An epsilon of 1e-12 under a root or in a divisor gives gradients of 1e6 to 1e12.
const steepest = 1e8;

/** Values as a network gives them on its worst days. */
export const extremeChecks: readonly Check[] = [
  {
    name: 'large-values',
    rule: 'is finite for values of ten thousand, with its gradient',
    run: (subject) =>
      withSubject(subject, async (rig, given) => {
        for (const factor of [50, 5000]) {
          const { loss, gradients } = await measure(rig, scaled(given, factor));
          const slopes = Object.values(gradients).flatMap((slope) => slope ?? []);
          conforms(
            Number.isFinite(loss) && slopes.every(Number.isFinite),
            () =>
              `For values up to ${String(2 * factor)} the loss is ${String(loss)}, its gradient ${few(slopes)}.`,
          );
        }
      }),
  },
  {
    name: 'tiny-values',
    rule: 'has a bounded gradient where values vanish',
    run: (subject) =>
      withSubject(subject, async (rig, given) => {
        for (const factor of [1e-6, 1e-12, 1e-20, 1e-36]) {
          const { loss, gradients } = await measure(rig, scaled(given, factor));
          const slopes = rig.slots
            .filter(({ side }) => side === 'student')
            .flatMap(({ key }) => gradients[key] ?? []);
          const largest = slopes.reduce((most, slope) => Math.max(most, Math.abs(slope)), 0);
          conforms(
            Number.isFinite(loss) && largest < (subject.claims.scaleFree === true ? Infinity : steepest),
            () =>
              `For values of ${String(factor)} the loss is ${String(loss)}, its gradient up to ${String(largest)}.`,
          );
        }
      }),
  },
];

function scaled(given: Given, factor: number): Given {
  return withValues(given, (column) =>
    isUnbounded(column) ? column.values.map((x) => factor * x) : undefined,
  );
}
