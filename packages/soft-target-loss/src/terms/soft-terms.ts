import type { Tensor } from '@tensorflow/tfjs-core';
import { checkTeacherAndStudent, defineTerm, fn, optionsOf, scheduled, temperatureOption } from '@kd/core';
import type { Convention, FieldsOf, Member, Options, Schedule, Settings, Term, TrainingTime } from '@kd/core';
import { arithmeticMean } from '../mix-targets.js';
import type { MixTargets } from '../mix-targets.js';
import { softTargetOptions } from '../soft-target-options.js';
import type { SoftTargetSettings } from '../soft-target-options.js';
import { outputTermOptions } from './options.js';
import type { OutputTermOptions } from './options.js';

/** Options of the terms that compare softened outputs. */
export interface SoftTermOptions extends OutputTermOptions {
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
  ...outputTermOptions.fields,
});

/** What distinguishes one soft term from another. */
export interface SoftTermKind {
  readonly where: string;
  readonly defaultName: string;
  /** In which form the loss takes both outputs. */
  readonly as: Convention;
  /** Values of the options that are not shared. */
  readonly settings?: object;
  readonly loss: (teacher: readonly Member[], student: Tensor, options: MixedSettings) => Tensor;
}

/** Temperature and factors of a step, and how the members of a teacher are combined. */
export interface MixedSettings extends SoftTargetSettings {
  readonly mix: MixTargets;
}

/** Makes a term from a loss that compares softened outputs. */
export function softTerm(kind: SoftTermKind, options: Settings<typeof softTermOptions.fields>): Term {
  const { where, defaultName, as, settings = {}, loss } = kind;
  const { weight, name = defaultName, temperature, scaleByTemperatureSquared, mix, output } = options;
  const at = { where, argument: 'options.temperature' };
  const of = (change: (T: number) => number): number | Schedule =>
    typeof temperature === 'number'
      ? change(temperature)
      : (time: TrainingTime) => change(temperatureOption.read(at, temperature(time)));
  return defineTerm({
    name,
    weight,
    settings: { kind: where, scaleByTemperatureSquared, mix, ...settings },
    reads: {
      student: { output: { as, output } },
      teacher: { output: { as, output, members: true } },
    },
    // T² and T in float64, as a number's factors are: the square of a rounded T would differ.
    scalars: {
      temperature: of((T) => T),
      factor: of((T) => (scaleByTemperatureSquared ? T * T : 1)),
      slope: of((T) => (scaleByTemperatureSquared ? (T * T) / T : 1 / T)),
    },
    loss: ({ student, teacher, scalars }) => {
      for (const { output: ofMember } of teacher.output)
        checkTeacherAndStudent(
          where,
          "the teacher's output",
          ofMember,
          "the student's output",
          student.output,
          1,
        );
      const { temperature: T, factor, slope } = scalars;
      const atStep = { mix, temperature: T, factor: () => factor, slope: () => slope };
      return { values: loss(teacher.output, student.output, atStep) };
    },
  });
}
