import { optionsOf, termOptions, text } from '@kd/core';
import type { FieldsOf, Options, TermOptions } from '@kd/core';

/** Options of a term on an output. */
export interface OutputTermOptions extends TermOptions {
  /** Name of the output, the same on both sides; default: the only one. */
  readonly output?: string;
}

export const outputTermOptions: Options<
  OutputTermOptions,
  FieldsOf<OutputTermOptions, 'weight'>
> = optionsOf<OutputTermOptions>()({ output: text.optional(), ...termOptions.fields });
