import { describeShape } from './describe-value.js';
import { KdError } from './kd-error.js';
import { describeTap, tap } from './tap.js';
import type { Tap } from './tap.js';
import { termOptions } from './term-options.js';
import type { TermOptions } from './term-options.js';
import { optionsOf } from './options/options-of.js';
import type { FieldsOf, Options, Settings } from './options/options-of.js';
import type { FeatureShape } from './check-features.js';
import type { Infos } from './reads.js';
import type { Shape } from './shape.js';
import type { Schedule } from './schedule.js';

/** Options of a term that compares a layer of the student with one of the teacher. */
export interface TapPairOptions extends TermOptions {
  /** The tap in the student. */
  readonly student: Tap;
  /** The tap in the teacher. */
  readonly teacher: Tap;
}

/** Describes the options of such a term; spread its `fields` into your own description. */
export const tapPairOptions: Options<
  TapPairOptions,
  FieldsOf<TapPairOptions, 'weight'>
> = optionsOf<TapPairOptions>()({ student: tap, teacher: tap, ...termOptions.fields });

/** What such a term reads: one value of each model, called `features`. */
export interface TapPairReads {
  readonly student: { readonly features: Tap };
  readonly teacher: { readonly features: Tap };
}

/**
 * Name, weight and reads of a term that compares a layer of the student with one of the teacher.
 *
 * For authors of terms.
 *
 * @param method start of the default name
 * @param settings the two taps, weight and name, as `tapPairOptions` reads them
 *
 * @example
 * ```ts
 * import { tapPairFields, tapPairOptions } from '@kd/core';
 * const settings = tapPairOptions.read('myTerm', { student: 'conv_2', teacher: 'conv_6' });
 * const { name, reads } = tapPairFields('mine', settings);
 * console.log(name, reads.student.features);
 * // mine conv_2<-conv_6 conv_2
 * ```
 */
export function tapPairFields(
  method: string,
  { student, teacher, weight, name }: Settings<typeof tapPairOptions.fields>,
): { readonly name: string; readonly weight: number | Schedule; readonly reads: TapPairReads } {
  return {
    name: name ?? `${method} ${describeTap(student)}<-${describeTap(teacher)}`,
    weight,
    reads: { student: { features: student }, teacher: { features: teacher } },
  };
}

/** Throws `KD_TENSOR_SHAPE`, with both shapes, unless both taps of such a term have an accepted shape. */
export function checkTapPair(
  where: string,
  { student, teacher }: TapPairOptions,
  infos: Infos<TapPairReads>,
  { fits, expected }: FeatureShape,
): void {
  const [ofStudent, ofTeacher] = [infos.student.features.shape, infos.teacher.features.shape];
  if (fits(ofStudent) && fits(ofTeacher)) return;
  const describe = (tap: Tap, shape: Shape): string =>
    `${JSON.stringify(describeTap(tap))} ${describeShape(shape)}`;
  throw new KdError({
    code: 'KD_TENSOR_SHAPE',
    where,
    argument: 'the taps',
    expected: `${expected} on both sides`,
    received: `${describe(student, ofStudent)} of the student and ${describe(teacher, ofTeacher)} of the teacher`,
    remedy: 'Tap other layers; listTaps lists all taps of a model with their shapes.',
  });
}
