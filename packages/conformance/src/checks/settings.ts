import type { Term } from '@kd/core';
import type { Check } from '../check.js';
import { termOf } from '../check.js';
import { areSame } from '../close.js';
import { identityOf } from '../identity.js';
import { conforms } from '../nonconformity.js';
import { givenFor } from '../rig/given.js';
import { measure } from '../rig/measure.js';
import { withRig } from '../rig/rig.js';

/** By which a training that resumes knows that the term is the same. */
export const settingsChecks: readonly Check[] = [
  {
    name: 'settings-serialisable',
    rule: 'has settings that JSON can hold, functions by their names',
    run: async (subject) => {
      const { settings } = termOf(subject);
      await Promise.resolve();
      const odd = notJson(settings, 'settings');
      conforms(odd === undefined, () => `${String(odd)} cannot be written down.`);
    },
  },
  {
    name: 'settings-tell-apart',
    rule: 'has other settings wherever an option changes the loss',
    applies: ({ claims }) => claims.variants !== undefined,
    run: async (subject) => {
      const { makeTerm, claims, shapes } = subject;
      const usual = termOf(subject);
      for (const variant of claims.variants ?? []) {
        const other = makeTerm({ ...claims.options, ...variant });
        conforms(
          identityOf(usual) !== identityOf(other),
          () => `${describe(variant)} changes neither settings, scalars nor what is read.`,
        );
        const valueOf = (term: Term): Promise<number[]> =>
          withRig(term, shapes, async (rig) => [
            ...(await measure(rig, givenFor(rig.slots, shapes, 5))).values.values,
          ]);
        const [a, b] = [await valueOf(usual), await valueOf(other)];
        conforms(!areSame(a, b), () => `${describe(variant)} does not change the loss.`);
      }
    },
  },
];

function describe(variant: object): string {
  return Object.entries(variant as Readonly<Record<string, unknown>>)
    .map(([name, value]) => `${name}: ${typeof value === 'function' ? value.name : JSON.stringify(value)}`)
    .join(', ');
}

/** The path of a value that JSON would lose; undefined if there is none. */
function notJson(value: unknown, path: string): string | undefined {
  if (typeof value === 'function')
    return value.name === '' ? `${path}, a function without a name,` : undefined;
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : `${path}, ${String(value)},`;
  if (value === null || value === undefined || typeof value === 'string' || typeof value === 'boolean')
    return undefined;
  if (typeof value !== 'object') return `${path}, a ${typeof value},`;
  const isPlain =
    Array.isArray(value) || [Object.prototype, null].includes(Object.getPrototypeOf(value) as object);
  if (!isPlain) return `${path}, a ${value.constructor.name},`;
  return Object.entries(value)
    .map(([key, one]) => notJson(one, `${path}.${key}`))
    .find((odd) => odd !== undefined);
}
