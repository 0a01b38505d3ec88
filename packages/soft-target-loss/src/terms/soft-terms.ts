import type { Tensor } from '@tensorflow/tfjs-core';
import { checkBoolean, checkFunction, checkOptions, termFields, valueAt } from '@kd/core';
import type { Schedule, Term, TermBatch, TermOptions } from '@kd/core';
import { arithmeticMean } from '../mix-targets.js';
import type { MixTargets } from '../mix-targets.js';
import type { SoftTargetOptions } from '../soft-target-options.js';
import { checkOutputs } from './check-outputs.js';
import { keptPositions } from './kept-positions.js';
import { perExample } from './per-example.js';
import { checkTemperatureOrSchedule } from './check-temperature.js';

/** Options of the terms that compare softened outputs. */
export interface SoftTermOptions extends TermOptions {
  /** Temperature T of teacher and student, > 0, or a schedule of it. */
  readonly temperature: number | Schedule;
  /** Whether the loss is multiplied by T²; default true. */
  readonly scaleByTemperatureSquared?: boolean;
  /** How several teachers become one; default `arithmeticMean`. */
  readonly mix?: MixTargets;
}

/** Names of the options of every soft term. */
export const softTermOptions: readonly string[] = [
  'temperature',
  'weight',
  'name',
  'scaleByTemperatureSquared',
  'mix',
];

/** What distinguishes one soft term from another. */
export interface SoftTermKind {
  readonly where: string;
  readonly defaultName: string;
  readonly independentLabels: boolean;
  /** Names of options beyond the shared ones. */
  readonly further?: readonly string[];
  /** Values of those options. */
  readonly settings?: Term['settings'];
  readonly loss: (batch: TermBatch, mix: MixTargets, options: SoftTargetOptions) => Tensor;
}

/** A term from a loss that compares softened outputs. */
export function softTerm(kind: SoftTermKind, options: SoftTermOptions): Term {
  const { where, defaultName, independentLabels, further = [], settings = {}, loss } = kind;
  checkOptions(where, options, [...softTermOptions, ...further]);
  const { temperature, scaleByTemperatureSquared = true, mix = arithmeticMean } = options;
  checkTemperatureOrSchedule(where, temperature);
  checkBoolean(where, 'options.scaleByTemperatureSquared', scaleByTemperatureSquared);
  checkFunction(where, 'options.mix', mix);
  return {
    ...termFields(where, defaultName, options),
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
