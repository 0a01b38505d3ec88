import { nearestNames } from '../nearest-names.js';
import { hasFields, optionFault } from './check.js';
import type { Check, Presence } from './check.js';

type Given<V> = Exclude<V, undefined>;
type MayBeAbsent<T, K extends keyof T, Yes, No> = object extends Pick<T, K> ? Yes : No;

/** What `optionsOf<T>()` takes: a check per option, with a default or `optional()` if it may be left out. */
export type Described<T> = {
  readonly [K in keyof T]-?: Check<
    Given<T[K]>,
    unknown,
    MayBeAbsent<T, K, 'default' | 'optional', 'required'>
  >;
};

/** The type of an exported description; `Defaulted` names the options that have defaults. */
export type FieldsOf<T, Defaulted extends keyof T = never> = {
  readonly [K in keyof T]-?: K extends Defaulted
    ? Check<Given<T[K]>, Given<T[K]>, 'default'>
    : Check<Given<T[K]>, Given<T[K]>, MayBeAbsent<T, K, 'optional', 'required'>>;
};

type OutOf<F> = F extends { read(...given: never[]): infer Out } ? Out : never;
type IsOptional<F> = F extends { readonly presence: 'optional' } ? true : false;

/** Options as the code gets them: defaults are filled in, so only optional ones may be absent. */
export type Settings<D> = {
  readonly [K in keyof D as IsOptional<D[K]> extends true ? never : K]: OutOf<D[K]>;
} & {
  readonly [K in keyof D as IsOptional<D[K]> extends true ? K : never]?: OutOf<D[K]>;
};

/** The description of a set of options: names, checks and defaults. */
export interface Options<T, D> {
  /** Spread these into the description of a larger set. */
  readonly fields: D;
  /** The settings, or `KD_OPTION_TYPE`, `_RANGE`, `_UNKNOWN`. `argument` is what the caller calls them. */
  read(
    where: string,
    ...given: object extends T ? [options?: T, argument?: string] : [options: T, argument?: string]
  ): Settings<D>;
  pick<K extends keyof T & keyof D>(...names: readonly K[]): Options<Pick<T, K>, Pick<D, K>>;
  without<K extends keyof T & keyof D>(...names: readonly K[]): Options<Omit<T, K>, Omit<D, K>>;
}

/**
 * Describes the options of a function once: their names, checks and defaults.
 *
 * An entry that is missing, misspelt, too narrow or too wide does not compile, nor does one without
 * `.default()` or `.optional()` for an option that may be left out.
 *
 * @returns a function that takes the checks by name
 *
 * @example
 * ```ts
 * import { optionsOf, positive, text } from '@kd/core';
 * interface MyOptions { readonly margin?: number; readonly target: string }
 * const myOptions = optionsOf<MyOptions>()({ margin: positive.default(1), target: text });
 * console.log(myOptions.read('myTerm', { target: 'depth' }));
 * // { margin: 1, target: 'depth' }
 * ```
 */
export function optionsOf<T extends object>(): <const D extends Described<T>>(
  fields: D & { readonly [K in Exclude<keyof D, keyof T>]: `no option is called ${K & string}` },
) => Options<T, D> {
  return (fields) => describe(fields) as never;
}

type Fields = Readonly<Record<string, Pick<Check<never, unknown, Presence>, 'presence' | 'read'>>>;

function describe(fields: Fields): Options<object, Fields> {
  const entries = Object.entries(fields);
  const names = Object.keys(fields);
  const isRequired = entries.some(([, { presence }]) => presence === 'required');
  const only = (kept: readonly string[]): never =>
    describe(Object.fromEntries(entries.filter(([name]) => kept.includes(name)))) as never;
  return {
    fields,
    pick: (...wanted) => only(wanted),
    without: (...left) => only(names.filter((name) => !(left as readonly string[]).includes(name))),
    read: (where, options, argument = 'options') => {
      const given: unknown = options === undefined && !isRequired ? {} : options;
      checkNames(where, argument, given, names);
      // A loop, because a loss reads its options at every step.
      const settings: Record<string, unknown> = {};
      for (const [name, field] of entries) {
        const value = field.read({ where, argument: `${argument}.${name}` }, Reflect.get(given, name));
        if (value !== undefined) settings[name] = value;
      }
      return settings;
    },
  };
}

// Otherwise a misspelt option would silently keep its default.
function checkNames(
  where: string,
  argument: string,
  given: unknown,
  names: readonly string[],
): asserts given is object {
  if (!hasFields(given)) {
    const remedy = 'Pass the options as one object.';
    throw optionFault('TYPE', { where, argument }, `an object with ${names.join(', ')}`, given, remedy);
  }
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  const near = nearestNames(unknown, names);
  const remedy = near === '' ? 'Leave it out.' : `Did you mean ${near}?`;
  const at = { where, argument: `${argument}.${unknown}` };
  throw optionFault('UNKNOWN', at, `one of ${names.join(', ')}`, unknown, remedy);
}
