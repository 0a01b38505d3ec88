import { boolean, oneOf, optionsOf } from '@kd/core';
import type { FieldsOf, Options, Shape } from '@kd/core';
import { fits, sameSize } from './fits.js';
import type { RegressorKind, RegressorPlan } from './kinds.js';
import { cannotMap, mapShapeOf } from './map-shape.js';
import type { MapShape } from './map-shape.js';

/**
 * The default kind for two shapes: pointwise, else the published convolution, else the cheapest that fits.
 */
function usualKind(student: MapShape, teacher: MapShape): RegressorKind {
  if (sameSize(student, teacher)) return 'pointwise';
  return fits.convolution.fit(student, teacher) === undefined ? 'resize' : 'convolution';
}

/** Options of `planRegressor`. */
export interface PlanOptions {
  /** Default: `pointwise` for equal sizes, `convolution` for a larger student, `resize` otherwise. */
  readonly kind?: RegressorKind;
  /** Whether equal shapes are compared directly, whatever `kind` says for others; default false. */
  readonly identityWhenEqual?: boolean;
}

const kinds = Object.keys(fits) as RegressorKind[];

export const planOptions: Options<
  PlanOptions,
  FieldsOf<PlanOptions, 'identityWhenEqual'>
> = optionsOf<PlanOptions>()({
  kind: oneOf(...kinds).optional(),
  identityWhenEqual: boolean.default(false),
});

/**
 * Chooses the regressor from the shape of the guided layer to that of the hint. Throws `KD_HINT_SHAPES` if
 * there is none.
 */
export function planRegressor(
  where: string,
  student: Shape,
  teacher: Shape,
  options: PlanOptions = {},
): RegressorPlan {
  const from = mapShapeOf(where, 'the student shape', student);
  const to = mapShapeOf(where, 'the teacher shape', teacher);
  if (student.length !== teacher.length) {
    const remedy = 'Tap layers of equal rank: both before or both after flattening.';
    throw cannotMap(where, student, teacher, 'of equal rank', remedy);
  }
  const { identityWhenEqual = false, kind = usualKind(from, to) } = options;
  const isIdentity = identityWhenEqual && fits.identity.fit(from, to) !== undefined;
  const chosen = isIdentity ? 'identity' : kind;
  const { needs, fit } = fits[chosen];
  const fitted = fit(from, to);
  if (fitted === undefined) {
    const others = kinds.filter((name) => fits[name].fit(from, to) !== undefined);
    const remedy =
      others.length === 0
        ? 'Choose taps with known or equal heights and widths.'
        : `Use kind ${others.map((name) => JSON.stringify(name)).join(' or ')}, or choose taps of equal size.`;
    throw cannotMap(where, student, teacher, `${needs} for the regressor ${JSON.stringify(chosen)}`, remedy);
  }
  const { kernelShape } = fitted;
  const ofKernel = kernelShape?.reduce((product, size) => product * size, 1);
  // A bias, or scale and offset of the normalisation.
  const perChannel = chosen === 'batchNormalized' ? 2 : 1;
  return {
    kind: chosen,
    student: from,
    teacher: to,
    hintShape: teacher.slice(1),
    ...fitted,
    parameters: ofKernel === undefined ? 0 : ofKernel + perChannel * to.channels,
  };
}
