import { checkFunction, checkName } from './check-options.js';
import { checkNonNegative } from './check-number.js';
import type { Schedule } from './schedule.js';
import type { TermOptions } from './term-options.js';

/**
 * Checks weight and name of a term's options, and gives the fields that they become.
 *
 * For authors of terms.
 *
 * @param where the function that makes the term
 * @param defaultName the name where none is given
 * @throws `KD_OPTION_TYPE`, `KD_OPTION_RANGE`
 *
 * @example
 * ```ts
 * import { termFields } from '@kd/core';
 * console.log(termFields('myTerm', 'mine', { weight: 0.5 }));
 * // { apiVersion: 1, name: 'mine', weight: 0.5 }
 * ```
 */
export function termFields(
  where: string,
  defaultName: string,
  options: TermOptions,
): { readonly apiVersion: 1; readonly name: string; readonly weight: number | Schedule } {
  const { weight = 1, name = defaultName } = options;
  if (typeof weight === 'function') checkFunction(where, 'options.weight', weight);
  else checkNonNegative(where, 'options.weight', weight);
  checkName(where, 'options.name', name);
  return { apiVersion: 1, name, weight };
}
