import type { Check } from '../check.js';
import { withSubject } from '../check.js';
import { few } from '../close.js';
import { conforms } from '../nonconformity.js';
import { lossAt, measure } from '../rig/measure.js';
import type { Measured } from '../rig/measure.js';
import type { Rig } from '../rig/rig.js';
import { seededNumbers } from '../rig/seeded-numbers.js';
import { assign, moved } from '../rig/moved.js';

const directions = 3;

/** Whether a term teaches the student what it measures. */
export const gradientChecks: readonly Check[] = [
  {
    name: 'gradient',
    rule: 'has the gradient of central differences in the student',
    run: (subject) =>
      withSubject(subject, async (rig, given) => {
        const { constant = [], differenceStep = 1e-2 } = subject.claims;
        const { gradients } = await measure(rig, given);
        for (const { slot, values } of given.columns) {
          if (slot.side !== 'student' || constant.includes(`student.${slot.name}`)) continue;
          const gradient = gradients[slot.key] ?? values.map(() => 0);
          for (let seed = 1; seed <= directions; seed++) {
            const next = seededNumbers(seed);
            const direction = values.map(() => 2 * next() - 1);
            const along = dot(gradient, direction);
            const at = (step: number): Promise<number> =>
              lossAt(rig, moved(given, slot.key, direction, step));
            const measured =
              ((await at(differenceStep)) - (await at(-differenceStep))) / (2 * differenceStep);
            const scale = dot(gradient.map(Math.abs), direction.map(Math.abs));
            const loss = await at(0);
            conforms(
              Math.abs(measured - along) <= 0.01 * scale + 1e-4 * Math.abs(loss) + 1e-6,
              () =>
                `In student.${slot.name} a step changes the loss by ${String(measured)}, by its gradient by ${String(along)}.`,
            );
          }
        }
      }),
  },
  {
    name: 'gradient-of-modules',
    rule: 'has the gradient of central differences in what its modules train',
    applies: (_, term) => Object.values(term.modules).some(({ frozen }) => !frozen),
    run: (subject) =>
      withSubject(subject, async (rig, given) => {
        const { ofModules } = await measure(rig, given);
        const { differenceStep = 1e-2, factorOfModules = 1 } = subject.claims;
        for (const { name, variable } of rig.objective.trainable) {
          if (!(name in ofModules)) continue;
          const gradient = ofModules[name];
          conforms(gradient !== undefined, () => `The loss does not depend on ${name}.`);
          const values = Array.from(await variable.data());
          const next = seededNumbers(1);
          const direction = values.map(() => 2 * next() - 1);
          const at = (step: number): Promise<number> => {
            assign(
              rig,
              name,
              values.map((x, index) => x + step * (direction[index] as number)),
            );
            return lossAt(rig, given);
          };
          const difference = (await at(differenceStep)) - (await at(-differenceStep));
          const measured = (factorOfModules * difference) / (2 * differenceStep);
          const loss = await at(0);
          const along = dot(gradient, direction);
          const scale = dot(gradient.map(Math.abs), direction.map(Math.abs));
          conforms(
            Math.abs(measured - along) <= 0.01 * scale + 1e-4 * Math.abs(loss) + 1e-6,
            () =>
              `In ${name} a step changes the loss by ${String(measured)}, by its gradient by ${String(along)}.`,
          );
        }
      }),
  },
  {
    name: 'learns',
    rule: 'has a gradient for the student or a module',
    run: (subject) =>
      withSubject(subject, async (rig, given) => {
        const measured = await measure(rig, given);
        const largest = Math.max(0, ...slopesToLearn(rig, measured).map(Math.abs));
        conforms(largest > 0, () => 'The gradient is zero everywhere, or does not reach the student.');
      }),
  },
  {
    name: 'constant',
    rule: 'has no gradient for the places that are its targets',
    applies: ({ claims }) => claims.constant !== undefined,
    run: (subject) =>
      withSubject(subject, async (rig, given) => {
        const { gradients } = await measure(rig, given, { ofTeacher: true });
        for (const place of subject.claims.constant ?? []) {
          const slot = rig.slots.find(({ side, name }) => `${side}.${name}` === place);
          conforms(slot !== undefined, () => `The term reads no ${place}.`);
          const { key, side, name } = slot;
          const slopes = gradients[key] ?? [];
          conforms(
            slopes.every((slope) => slope === 0),
            () => `${side}.${name} has the gradient ${few(slopes)}.`,
          );
        }
      }),
  },
];

function slopesToLearn({ slots }: Rig, { gradients, ofModules }: Measured): number[] {
  const ofStudent = slots.filter(({ side }) => side === 'student').map(({ key }) => gradients[key] ?? []);
  return [...ofStudent, ...Object.values(ofModules).map((slopes) => slopes ?? [])].flat();
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, x, index) => sum + x * (b[index] as number), 0);
}
