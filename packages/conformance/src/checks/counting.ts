import type { Check } from '../check.js';
import { termOf, withSubject } from '../check.js';
import { areClose, few } from '../close.js';
import { conforms } from '../nonconformity.js';
import { examplesOf, sizeOf, withValues } from '../rig/given.js';
import type { Given } from '../rig/given.js';
import { measure } from '../rig/measure.js';
import type { Measured, Measuring } from '../rig/measure.js';
import { axesOfPositions, positionsOf } from '../rig/positions.js';
import { withRig } from '../rig/rig.js';
import type { Rig } from '../rig/rig.js';
import type { ExampleShape, Shapes, ShapesOfSide, Subject } from '../subject.js';

/** Examples and positions that do not count. */
export const countingChecks: readonly Check[] = [
  {
    name: 'uncounted-rows',
    rule: 'ignores examples of weight 0, even if they are not numbers',
    applies: ({ claims }, { reduces }) => reduces === 'example' && claims.relatesExamples !== true,
    run: (subject) =>
      withSubject(subject, async (rig, given) => {
        const rest = [0, 2, 3];
        const expected = await measure(rig, examplesOf(given, rest));
        const marks: Measuring[] = [
          { sampleWeight: [1, 0, 1, 1, 0] },
          ...(rig.term.reads.targets === undefined ? [] : [{ labelled: [1, 0, 1, 1, 0] }]),
        ];
        for (const mark of marks) {
          const found = await measure(rig, broken(given, [1, 4]), mark);
          conforms(
            areClose([found.loss], [expected.loss], 1e-5, 1e-7),
            () =>
              `With ${Object.keys(mark).join()} 0 the loss is ${String(found.loss)}, without these examples ${String(expected.loss)}.`,
          );
          const slopes = slopesOfStudent(found);
          conforms(slopes.every(Number.isFinite), () => `The gradient is ${few(slopes)}.`);
        }
      }),
  },
  {
    name: 'masked-positions',
    rule: 'ignores masked positions, whatever they hold',
    applies: ({ shapes }) => shapes.mask !== undefined,
    run: (subject) =>
      withSubject(subject, async (rig, given) => {
        const { mask: ofExample = [] } = subject.shapes;
        const positions = ofExample.reduce((a, b) => a * b, 1);
        const mask = Array.from({ length: given.size * positions }, (_, index) => Number(index % 3 !== 1));
        const found = await measure(rig, given, { mask });
        const replaced = withValues(given, ({ slot, values }) => {
          if (slot.kind === 'class-ids') return undefined;
          const size = sizeOf(slot);
          return values.map((x, index) => {
            const first = Math.floor(index / size) * positions;
            const places = positionsOf(slot.shape, ofExample, index % size);
            return places.some((place) => mask[first + place] === 0) ? NaN : x;
          });
        });
        const other = await measure(rig, replaced, { mask });
        conforms(
          areClose([other.loss], [found.loss], 1e-6, 1e-8),
          () => `With other values there the loss is ${String(other.loss)}, not ${String(found.loss)}.`,
        );
        const slopes = slopesOfStudent(other);
        conforms(slopes.every(Number.isFinite), () => `The gradient is ${few(slopes)}.`);
        await isAsIfShorter(subject, rig, given);
        const all = await measure(rig, given, { mask: mask.map(() => 1) });
        const none = await measure(rig, given);
        conforms(
          areClose([all.loss], [none.loss], 1e-5, 1e-7),
          () => `With a mask of ones the loss is ${String(all.loss)}, without one ${String(none.loss)}.`,
        );
      }),
  },
];

function broken(given: Given, rows: readonly number[]): Given {
  return withValues(given, ({ slot, values }) => {
    const width = sizeOf(slot);
    return slot.kind === 'class-ids'
      ? undefined
      : values.map((x, index) => (rows.includes(Math.floor(index / width)) ? NaN : x));
  });
}

function slopesOfStudent({ gradients }: Measured): number[] {
  return Object.entries(gradients).flatMap(([key, slopes]) =>
    key.startsWith('student.') ? (slopes ?? []) : [],
  );
}

/** With its last positions masked, a batch must have the loss of one without them. */
async function isAsIfShorter(subject: Subject, rig: Rig, given: Given): Promise<void> {
  const { mask: ofExample = [] } = subject.shapes;
  const [length = 1, ...others] = ofExample;
  const inner = others.reduce((a, b) => a * b, 1);
  const mask = Array.from({ length: given.size * length * inner }, (_, index) =>
    Number(Math.floor(index / inner) % length < length - 1),
  );
  const masked = await measure(rig, given, { mask });
  const shorter = await withRig(termOf(subject), shortened(subject.shapes), (other) => {
    const columns = given.columns.map(({ slot, values }, index) => {
      const size = sizeOf(slot);
      const kept = values.filter((_, at) =>
        positionsOf(slot.shape, ofExample, at % size).every(
          (place) => Math.floor(place / inner) < length - 1,
        ),
      );
      return { slot: other.slots[index] as (typeof other.slots)[number], values: kept };
    });
    return measure(other, { ...given, columns });
  });
  conforms(
    areClose([masked.loss], [shorter.loss], 1e-5, 1e-7),
    () =>
      `With the last positions masked the loss is ${String(masked.loss)}, without them ${String(shorter.loss)}.`,
  );
}

/** The shapes with one position less along the first axis of the mask. */
function shortened(shapes: Shapes): Shapes {
  const { mask = [] } = shapes;
  const one = (shape: ExampleShape): ExampleShape =>
    axesOfPositions(shape, mask).reduce(
      (shorter, [first = 0]) => shorter.with(first, (shape[first] as number) - 1),
      shape,
    );
  const side = (given: ShapesOfSide | undefined): ShapesOfSide =>
    Object.fromEntries(
      Object.entries(given ?? {}).map(([name, shape]) => [
        name,
        Array.isArray(shape[0]) ? (shape as readonly ExampleShape[]).map(one) : one(shape as ExampleShape),
      ]),
    );
  return {
    ...shapes,
    student: side(shapes.student),
    teacher: side(shapes.teacher),
    targets: side(shapes.targets),
    inputs: side(shapes.inputs),
    mask: one(mask),
  };
}
