import { checkFunction, checkName, checkNonNegative, checkPositive } from '@kd/core';
import type { Schedule } from '@kd/core';

/** Options that every term has. */
export interface TermOptions {
  /** Factor of the term in the total, >= 0, or a schedule of it; default 1. */
  readonly weight?: number | Schedule;
  /** Name in logs, histories and errors; only needed where a recipe has two terms of one kind. */
  readonly name?: string;
}

/** Checks weight and name, and gives the fields that they become. */
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

/** Throws unless a temperature is a number > 0 or a schedule. */
export function checkTemperatureOrSchedule(where: string, temperature: unknown): void {
  if (typeof temperature !== 'function') checkPositive(where, 'options.temperature', temperature);
}
