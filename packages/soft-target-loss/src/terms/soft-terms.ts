import type { Tensor } from '@tensorflow/tfjs-core';
import { fn, optionsOf, scheduled, temperatureOption, termOptions, valueAt } from '@kd/core';
import type { FieldsOf, Options, Schedule, Settings, Term, TermBatch, TermOptions } from '@kd/core';
import { arithmeticMean } from '../mix-targets.js';
import type { MixTargets } from '../mix-targets.js';
import { softTargetOptions } from '../soft-target-options.js';
import type { SoftTargetOptions } from '../soft-target-options.js';
import { checkOutputs } from './check-outputs.js';
import { keptPositions } from './kept-positions.js';
import { perExample } from './per-example.js';

/** Options of the terms that compare softened outputs. */
export interface SoftTermOptions extends TermOptions {
  /** Temperature T of teacher and student, > 0, or a schedule of it. */
  readonly temperature: number | Schedule;
  /** Whether to multiply the loss by T²; default true. */
  readonly scaleByTemperatureSquared?: boolean;
  /** How to combine several teachers; default `arithmeticMean`. */
  readonly mix?: MixTargets;
}

export const softTermOptions: Options<
  SoftTermOptions,
  FieldsOf<SoftTermOptions, 'weight' | 'scaleByTemperatureSquared' | 'mix'>
> = optionsOf<SoftTermOptions>()({
  ...softTargetOptions.fields,
  temperature: scheduled(temperatureOption),
  mix: fn<MixTargets>().default(arithmeticMean),
  ...termOptions.fields,
});

/** What distinguishes one soft term from another. */
export interface SoftTermKind {
  readonly where: string;
  readonly defaultName: string;
  readonly independentLabels: boolean;
  /** Values of the options that are not shared. */
  readonly settings?: Term['settings'];
  readonly loss: (batch: TermBatch, mix: MixTargets, options: SoftTargetOptions) => Tensor;
}

/** Makes a term from a loss that compares softened outputs. */
export function softTerm(kind: SoftTermKind, options: Settings<typeof softTermOptions.fields>): Term {
  const { where, defaultName, independentLabels, settings = {}, loss } = kind;
  const { weight, name = defaultName, temperature, scaleByTemperatureSquared, mix } = options;
  return {
    apiVersion: 1,
    name,
    weight,
    reduces: 'example',
    needs: ['teacher'],
    settings: { kind: where, temperature, scaleByTemperatureSquared, mix: mix.name, ...settings },
    check: (shapes) => {
      checkOutputs(where, shapes, independentLabels);
    },
    loss: (batch) => {
      const fixed = { temperature: valueAt(temperature, batch.time), scaleByTemperatureSquared };
      return perExample(where, loss(keptPositions(where, batch), mix, fixed), batch.batch);
    },
  };
}
