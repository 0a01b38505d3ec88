import type { Convention } from './convention.js';
import { convention } from './convention.js';
import { check, optionFault } from './options/check.js';
import type { Check } from './options/check.js';
import { text } from './options/checks.js';
import { optionsOf } from './options/options-of.js';
import type { FieldsOf, Options } from './options/options-of.js';

/** An output of a model under a name that both sides of a recipe share. */
export interface NamedOutput {
  readonly convention: Convention;
  /** The model's own name of this output; default: the name here. */
  readonly from?: string;
}

/** What a model puts out: the convention of its only output, or those of several outputs by name. */
export type OutputConventions = Convention | Readonly<Record<string, Convention | NamedOutput>>;

/** The name of the output of a model that has one. */
export const onlyOutput = 'output';

/** Describes one of several outputs. */
export const namedOutputOptions: Options<NamedOutput, FieldsOf<NamedOutput>> = optionsOf<NamedOutput>()({
  convention,
  from: text.optional(),
});

/** `OutputConventions`, as an option. */
export const outputConventions: Check<OutputConventions> = check(
  'a convention, or the conventions of several outputs by name',
  (at, value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return convention.read(at, value);
    const names = Object.keys(value);
    if (names.length === 0)
      throw optionFault('TYPE', at, 'an object with at least one output', value, 'Name the outputs.');
    for (const name of names) {
      const one: unknown = Reflect.get(value, name);
      const argument = `${at.argument}[${JSON.stringify(name)}]`;
      if (typeof one === 'object') namedOutputOptions.read(at.where, one as NamedOutput, argument);
      else convention.read({ ...at, argument }, one);
    }
    return value as OutputConventions;
  },
);

/** The outputs of a model by name, each written out. The only output of a model is called `output`. */
export function namedOutputs(stated: OutputConventions): Readonly<Record<string, NamedOutput>> {
  if (typeof stated === 'string') return { [onlyOutput]: { convention: stated } };
  return Object.fromEntries(
    Object.entries(stated).map(([name, one]) => [name, typeof one === 'string' ? { convention: one } : one]),
  );
}
