import { KdError } from '@kd/core';
import type { Check } from '../check.js';
import { termOf } from '../check.js';
import { conforms } from '../nonconformity.js';
import { withRig } from '../rig/rig.js';
import type { Subject } from '../subject.js';

/** What happens to a user's mistakes. */
export const optionChecks: readonly Check[] = [
  {
    name: 'option-spelling',
    rule: 'refuses options that it does not know',
    run: async (subject) => {
      const { options } = subject.claims;
      for (const name of [...Object.keys(options), 'nonsense'])
        await refusal(subject, { ...options, [`${name}s`]: 1 }, `${name}s`);
    },
  },
  {
    name: 'option-type',
    rule: 'refuses options of another type',
    run: async (subject) => {
      const { options, refuses: bad = {}, variants = [] } = subject.claims;
      const names = new Set([options, bad, ...variants].flatMap((given) => Object.keys(given)));
      for (const name of names)
        for (const value of [Symbol('a symbol'), NaN]) await refusesValue(subject, name, value);
    },
  },
  {
    name: 'option-range',
    rule: 'refuses the values that it says it refuses',
    applies: ({ claims }) => claims.refuses !== undefined,
    run: async (subject) => {
      const { refuses: bad = {} } = subject.claims;
      for (const [name, values] of Object.entries(bad))
        for (const value of values) await refusesValue(subject, name, value);
    },
  },
  {
    name: 'refuses-shapes',
    rule: 'refuses shapes before the first step',
    applies: ({ claims }) => claims.refusesShapes !== undefined,
    run: async (subject) => {
      for (const shapes of subject.claims.refusesShapes ?? []) {
        const error = await errorOf(() => withRig(termOf(subject), shapes, () => Promise.resolve()));
        conforms(
          KdError.isInstance(error),
          () =>
            `The shapes ${JSON.stringify(shapes)} are ${error === undefined ? 'accepted' : `refused by "${String(error)}", not by a KdError`}.`,
        );
      }
    },
  },
];

/** The refusal of an option, which must name it. */
async function refusal({ makeTerm }: Subject, options: object, name: string): Promise<KdError> {
  const error = await errorOf(() => makeTerm(options));
  conforms(error !== undefined, () => `The option ${name} is accepted.`);
  conforms(KdError.isInstance(error), () => `The option ${name} throws "${String(error)}", not a KdError.`);
  conforms(
    error.message.includes(name),
    () => `The error for the option ${name} does not name it: ${error.message}`,
  );
  return error;
}

/** The same for a value of an option that exists: a claim about a misspelt one would hold of itself. */
async function refusesValue(subject: Subject, name: string, value: unknown): Promise<void> {
  const { code, message } = await refusal(subject, { ...subject.claims.options, [name]: value }, name);
  conforms(code !== 'KD_OPTION_UNKNOWN', () => `There is no option ${name}: ${message}`);
}

async function errorOf(call: () => unknown): Promise<Error | undefined> {
  try {
    await call();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
