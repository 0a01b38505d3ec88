import type { Check } from '../check.js';
import { termOf, withSubject } from '../check.js';
import { areSame } from '../close.js';
import { conforms } from '../nonconformity.js';
import { givenFor } from '../rig/given.js';
import { measure } from '../rig/measure.js';
import { assign } from '../rig/moved.js';
import { withRig } from '../rig/rig.js';
import type { Rig } from '../rig/rig.js';
import type { Subject } from '../subject.js';

const hasModules: Check['applies'] = (_, { modules }) => Object.keys(modules).length > 0;

/** What a term owns: whether it is built, saved and restored to the bit. */
export const moduleChecks: readonly Check[] = [
  {
    name: 'modules-seeded',
    rule: 'builds the same modules from the same seed',
    applies: hasModules,
    run: async (subject) => {
      const [first, again] = [await stateOf(subject, 1), await stateOf(subject, 1)];
      for (const [name, values] of Object.entries(first))
        conforms(areSame(values, again[name] ?? []), () => `${name} differs the second time.`);
    },
  },
  {
    name: 'modules-restored',
    rule: 'goes on with the same bits if its modules are saved and restored',
    applies: hasModules,
    run: (subject) =>
      withSubject(subject, async (rig, given) => {
        await measure(rig, given, { step: true });
        const saved = await weightsOf(rig);
        // The same rows, of which a memory may have learnt something.
        const next = { ...givenFor(rig.slots, subject.shapes, given.size, 2), rows: given.rows };
        const expected = await measure(rig, next);
        const term = termOf(subject);
        const found = await withRig(
          term,
          subject.shapes,
          async (other) => {
            for (const [name, values] of Object.entries(saved)) assign(other, name, values);
            return measure(other, next);
          },
          2,
        );
        conforms(
          areSame(found.values.values, expected.values.values),
          () =>
            `The loss is ${String(found.loss)} with the restored modules, not ${String(expected.loss)}: some state is not in them.`,
        );
      }),
  },
  {
    name: 'validation-changes-nothing',
    rule: 'changes no module while the loss is only measured',
    applies: hasModules,
    run: (subject) =>
      withSubject(subject, async (rig, given) => {
        const before = await weightsOf(rig);
        await measure(rig, given, { training: false });
        for (const [name, values] of Object.entries(await weightsOf(rig)))
          conforms(areSame(values, before[name] ?? []), () => `${name} has changed.`);
      }),
  },
];

async function weightsOf({ objective }: Rig): Promise<Record<string, number[]>> {
  return Object.fromEntries(
    await Promise.all(
      objective.moduleWeights.map(
        async ({ name, variable }) => [name, Array.from(await variable.data())] as const,
      ),
    ),
  );
}

/** All numbers of the modules by name, constants included. */
async function stateOf(subject: Subject, seed: number): Promise<Record<string, readonly number[]>> {
  return withSubject(
    subject,
    async (rig) => {
      const constants = await Promise.all(
        rig.objective.constants.map(
          async (constant, index) =>
            [`constant ${String(index)}`, Array.from(await constant.data())] as const,
        ),
      );
      return { ...(await weightsOf(rig)), ...Object.fromEntries(constants) };
    },
    seed,
  );
}
