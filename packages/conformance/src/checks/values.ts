import type { Check } from '../check.js';
import { termOf, withSubject } from '../check.js';
import { areClose, areSame, few } from '../close.js';
import { identityOf } from '../identity.js';
import { conforms } from '../nonconformity.js';
import { givenFor } from '../rig/given.js';
import { measure } from '../rig/measure.js';
import { asReference } from '../rig/reference-values.js';
import { withRig } from '../rig/rig.js';

/** What a loss returns, and whether it returns the same again. */
export const valueChecks: readonly Check[] = [
  {
    name: 'shape',
    rule: 'has one value for each example or position, or one for the batch',
    run: (subject) =>
      withSubject(subject, async (rig, given) => {
        const { shape } = (await measure(rig, given)).values;
        const [first, ...positions] = shape;
        const { mask = [] } = subject.shapes;
        const arePositions = [...rig.slots.map(({ shape: ofSlot }) => ofSlot), mask].some((known) =>
          positions.every((length, axis) => length === known[axis]),
        );
        const fits = rig.term.reduces === 'batch' ? shape.length === 0 : first === given.size && arePositions;
        conforms(fits, () => `The values of 5 examples have the shape [${shape.join(', ')}].`);
      }),
  },
  {
    name: 'weights',
    rule: 'weighs nothing by less than zero',
    run: (subject) =>
      withSubject(subject, async (rig, given) => {
        const { weights } = await measure(rig, given);
        if (weights === undefined) return;
        conforms(
          weights.values.every((weight) => weight >= 0 && weight < Infinity),
          () => `The weights are ${few(weights.values)}.`,
        );
      }),
  },
  {
    name: 'repeatable',
    rule: 'gives the same bits for the same batch and seed, whatever came in between',
    run: (subject) =>
      withSubject(subject, async (rig, given) => {
        const first = await measure(rig, given);
        await measure(rig, givenFor(rig.slots, subject.shapes, 4, 2));
        const again = await measure(rig, given);
        conforms(
          areSame(again.values.values, first.values.values),
          () => `The values were ${few(first.values.values)}, then ${few(again.values.values)}.`,
        );
      }),
  },
  {
    name: 'made-anew',
    rule: 'has the same name and settings if it is made again, so that a training can resume',
    run: async (subject) => {
      const [first, again] = [termOf(subject), termOf(subject)];
      await Promise.resolve();
      const [one, other] = [identityOf(first), identityOf(again)];
      conforms(one === other, () => `It was ${one}, then ${other}.`);
    },
  },
  {
    name: 'reference',
    rule: 'has the values of its reference in float64',
    applies: ({ claims }) => claims.reference !== undefined,
    run: (subject) =>
      withSubject(subject, async (rig, given) => {
        const { values } = await measure(rig, given);
        const expected = subject.claims.reference?.(asReference(given)) ?? [];
        conforms(
          areClose(values.values, expected, 1e-5),
          () => `The values are ${few(values.values)}, the reference has ${few(expected)}.`,
        );
      }),
  },
  {
    name: 'batch-of-one',
    rule: 'is finite for a single example, with its gradient',
    run: (subject) =>
      withRig(termOf(subject), subject.shapes, async (rig) => {
        const { loss, values, gradients } = await measure(rig, givenFor(rig.slots, subject.shapes, 1));
        const slopes = Object.values(gradients).flatMap((slope) => slope ?? []);
        const rank = rig.term.reduces === 'batch' ? 0 : 1;
        conforms(
          Number.isFinite(loss) && slopes.every(Number.isFinite),
          () => `The loss is ${String(loss)}, its gradient ${few(slopes)}.`,
        );
        conforms(values.shape.length >= rank, () => 'A single example has lost its axis.');
      }),
  },
];
