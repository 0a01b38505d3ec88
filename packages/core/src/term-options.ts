import { nonNegative, scheduled, text } from './options/checks.js';
import { optionsOf } from './options/options-of.js';
import type { FieldsOf, Options } from './options/options-of.js';
import type { Schedule } from './schedule.js';

/** Options that every term has. */
export interface TermOptions {
  /** Factor of the term in the total, >= 0, or a schedule of it; default 1. */
  readonly weight?: number | Schedule;
  /** Name in logs, histories and errors; needed only if a recipe has two terms of the same name. */
  readonly name?: string;
}

/**
 * Describes the options that every term has; spread its `fields` into your own description.
 *
 * @example
 * ```ts
 * import { optionsOf, positive, termOptions, type TermOptions } from '@kd/core';
 * interface MyOptions extends TermOptions { readonly margin?: number }
 * const myOptions = optionsOf<MyOptions>()({ ...termOptions.fields, margin: positive.default(1) });
 * console.log(myOptions.read('myTerm', { weight: 0.5 }));
 * // { weight: 0.5, margin: 1 }
 * ```
 */
export const termOptions: Options<TermOptions, FieldsOf<TermOptions, 'weight'>> = optionsOf<TermOptions>()({
  weight: scheduled(nonNegative).default(1),
  name: text.optional(),
});
