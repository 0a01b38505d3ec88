import type { KdError } from '../kd-error.js';
import { check, hasFields, optionFault } from './check.js';
import type { Check } from './check.js';
import type { Options, Settings } from './options-of.js';

/** A value that either of two checks accepts. */
export function either<A, OutA, B, OutB>(a: Check<A, OutA>, b: Check<B, OutB>): Check<A | B, OutA | OutB> {
  const expected = `${a.expected} or ${b.expected}`;
  return check<A | B, OutA | OutB>(expected, (at, value) => {
    const errors: KdError[] = [];
    for (const one of [a, b]) {
      try {
        return one.read(at, value);
      } catch (error) {
        errors.push(error as KdError);
      }
    }
    // Prefer the error inside the value, then the one about a range: they show which of the two was meant.
    const inside = errors.find(({ argument }) => argument !== at.argument);
    if (inside !== undefined) throw inside;
    const range = errors.find(({ code }) => code === 'KD_OPTION_RANGE');
    const remedy = range?.remedy ?? `Pass ${expected}.`;
    throw optionFault(range === undefined ? 'TYPE' : 'RANGE', at, expected, value, remedy);
  });
}

/** An array of values. */
export function list<In, Out>(of: Check<In, Out>): Check<readonly In[], readonly Out[]> {
  const expected = `an array, each ${of.expected}`;
  return check(expected, (at, value) => {
    if (!Array.isArray(value)) throw optionFault('TYPE', at, expected, value, 'Pass an array.');
    // Array.from also visits the holes of a sparse array.
    return Array.from(value as unknown[], (one, index) =>
      of.read({ ...at, argument: `${at.argument}[${String(index)}]` }, one),
    );
  });
}

/** An object of values under names that the caller chooses. */
export function record<In, Out>(
  of: Check<In, Out>,
): Check<Readonly<Record<string, In>>, Readonly<Record<string, Out>>> {
  const expected = `an object, each entry ${of.expected}`;
  return check(expected, (at, value) => {
    if (!hasFields(value)) throw optionFault('TYPE', at, expected, value, 'Pass an object.');
    const entries = Object.entries(value).map(([name, one]) => {
      const argument = `${at.argument}[${JSON.stringify(name)}]`;
      return [name, of.read({ ...at, argument }, one)] as const;
    });
    return Object.fromEntries(entries);
  });
}

/** Options inside options, with the defaults of the inner ones filled in. */
export function nested<T, D>(options: Options<T, D>): Check<T, Settings<D>> {
  const expected = 'an object of options';
  return check(expected, (at, value) => {
    if (value === undefined)
      throw optionFault('TYPE', at, expected, value, 'Pass the options as one object.');
    return options.read(at.where, ...([value, at.argument] as never));
  });
}
