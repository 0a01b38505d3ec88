import { checkBoolean, checkOptions, checkPositive } from '@kd/core';

/** Options that all soft-target losses share. */
export interface SoftTargetOptions {
  /** Temperature T of teacher and student, finite and > 0. Hinton 2015 uses 2 to 20. */
  readonly temperature: number;
  /**
   * Whether the loss is multiplied by T², which keeps its gradients at one size while T changes; default true. False is for
   * recipes published without it (Romero et al. 2015) and for code ported from libraries that lack it.
   */
  readonly scaleByTemperatureSquared?: boolean;
}

/** Checks the shared options; `further` names those of the loss at hand. Returns T and the factor of the loss. */
export function readSoftTargetOptions(
  where: string,
  options: SoftTargetOptions,
  further: readonly string[] = [],
): { temperature: number; factor: number } {
  checkOptions(where, options, ['temperature', 'scaleByTemperatureSquared', ...further]);
  const { temperature, scaleByTemperatureSquared = true } = options;
  checkPositive(where, 'options.temperature', temperature);
  checkBoolean(where, 'options.scaleByTemperatureSquared', scaleByTemperatureSquared);
  return { temperature, factor: scaleByTemperatureSquared ? temperature * temperature : 1 };
}
