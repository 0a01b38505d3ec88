import { div, square, Tensor } from '@tensorflow/tfjs-core';
import { boolean, optionsOf } from '@kd/core';
import type { FieldsOf, Options } from '@kd/core';
import { temperature } from '@kd/temperature';
import type { Temperature } from '@kd/temperature';

/** Options that all soft-target losses share. */
export interface SoftTargetOptions {
  /**
   * Temperature T of teacher and student, from 2^-63 to 2^63, or a scalar tensor of it. Hinton 2015 uses 2 to
   * 20.
   */
  readonly temperature: Temperature;
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
  temperature,
  scaleByTemperatureSquared: boolean.default(true),
});

/**
 * T, the factor on the loss, and that on its gradient, the factor divided by T.
 *
 * Functions, so that those of a tensor are computed where they are freed again.
 */
export interface SoftTargetSettings {
  readonly temperature: Temperature;
  readonly factor: () => Temperature;
  readonly slope: () => Temperature;
}

export function readSoftTargetOptions(where: string, options: SoftTargetOptions): SoftTargetSettings {
  return withFactor(softTargetOptions.read(where, options));
}

export function withFactor({
  temperature: T,
  scaleByTemperatureSquared: scaled,
}: Required<SoftTargetOptions>): SoftTargetSettings {
  if (T instanceof Tensor) {
    const factor = (): Temperature => (scaled ? square(T) : 1);
    return { temperature: T, factor, slope: () => (scaled ? T : div(1, T)) };
  }
  const factor = scaled ? T * T : 1;
  return { temperature: T, factor: () => factor, slope: () => factor / T };
}
