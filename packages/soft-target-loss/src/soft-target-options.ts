import { boolean, optionsOf, temperatureOption } from '@kd/core';
import type { FieldsOf, Options } from '@kd/core';

/** Options that all soft-target losses share. */
export interface SoftTargetOptions {
  /** Temperature T of teacher and student, > 0, from 2^-63 to 2^63. Hinton 2015 uses 2 to 20. */
  readonly temperature: number;
  /**
   * Whether to multiply the loss by T², which keeps the size of the gradients constant when T changes;
   * default true. Use false for recipes published without it (Romero et al. 2015) and for code ported from
   * libraries without it.
   */
  readonly scaleByTemperatureSquared?: boolean;
}

export const softTargetOptions: Options<
  SoftTargetOptions,
  FieldsOf<SoftTargetOptions, 'scaleByTemperatureSquared'>
> = optionsOf<SoftTargetOptions>()({
  temperature: temperatureOption,
  scaleByTemperatureSquared: boolean.default(true),
});

/** T, and the factor on the loss. */
export interface SoftTargetSettings {
  readonly temperature: number;
  readonly factor: number;
}

export function readSoftTargetOptions(where: string, options: SoftTargetOptions): SoftTargetSettings {
  return withFactor(softTargetOptions.read(where, options));
}

export function withFactor({
  temperature,
  scaleByTemperatureSquared,
}: Required<SoftTargetOptions>): SoftTargetSettings {
  return { temperature, factor: scaleByTemperatureSquared ? temperature * temperature : 1 };
}
