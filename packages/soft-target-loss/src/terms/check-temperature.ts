import { checkPositive } from '@kd/core';

/** Throws unless a temperature is a number > 0 or a schedule. */
export function checkTemperatureOrSchedule(where: string, temperature: unknown): void {
  if (typeof temperature !== 'function') checkPositive(where, 'options.temperature', temperature);
}
