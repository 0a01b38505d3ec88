import type { Tensor } from '@tensorflow/tfjs-core';
import { describeShape, describeValue } from './describe-value.js';
import { KdError } from './kd-error.js';
import { describeTap, tap } from './tap.js';
import type { Tap } from './tap.js';
import { termOptions } from './term-options.js';
import type { TermOptions } from './term-options.js';
import { optionsOf } from './options/options-of.js';
import type { FieldsOf, Options, Settings } from './options/options-of.js';
import type { FeatureShape } from './check-features.js';
import type { Shape } from './teacher.js';
import type { TermShapes } from './term-shapes.js';
import type { Term, TermBatch } from './term.js';

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

/**
 * The fields of a term that compares a layer of the student with one of the teacher and reads nothing else.
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
 * const { name, taps } = tapPairFields('mine', settings);
 * console.log(name, taps?.student?.join());
 * // mine conv_2<-conv_6 conv_2
 * ```
 */
export function tapPairFields(
  method: string,
  { student, teacher, weight, name }: Settings<typeof tapPairOptions.fields>,
): Pick<Term, 'apiVersion' | 'name' | 'needs' | 'taps' | 'usesOutputs'> & Required<Pick<Term, 'weight'>> {
  return {
    apiVersion: 1,
    name: name ?? `${method} ${describeTap(student)}<-${describeTap(teacher)}`,
    weight,
    needs: ['teacher'],
    taps: { student: [student], teacher: [teacher] },
    usesOutputs: false,
  };
}

/** Throws `KD_TENSOR_SHAPE`, with both shapes, unless both taps of such a term have an accepted shape. */
export function checkTapPair(
  where: string,
  { student, teacher }: TapPairOptions,
  shapes: TermShapes,
  { fits, expected }: FeatureShape,
): void {
  const [ofStudent, ofTeacher] = [shapes.student.taps[0] ?? [], shapes.teacher?.taps[0] ?? []];
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

/** The values of the two taps of such a term; throws `KD_TERM_NEEDS` if the recipe has no teacher. */
export function tapPairOf(
  where: string,
  batch: TermBatch,
): { readonly student: Tensor; readonly teacher: Tensor } {
  const [student, teacher] = [batch.student.taps[0], batch.teacher?.taps[0]];
  if (student !== undefined && teacher !== undefined) return { student, teacher };
  const [argument, expected] = ['the taps of the batch', 'present for student and teacher'];
  const received = `${describeValue(student)} and ${describeValue(teacher)}`;
  const remedy = 'Put the term in a recipe with a teacher.';
  throw new KdError({ code: 'KD_TERM_NEEDS', where, argument, expected, received, remedy });
}
