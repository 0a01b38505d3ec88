import { boolean, oneOf, optionsOf } from '@kd/core';
import type { FieldsOf, Options, Shape } from '@kd/core';
import { cannotMap, mapShapeOf } from './map-shape.js';
import type { MapShape } from './map-shape.js';

/**
 * How the output of a guided layer becomes comparable with a hint.
 *
 * - `identity`: no change; for equal shapes.
 * - `pointwise`: a 1x1 convolution; for vectors a dense layer. Equal heights and widths.
 * - `convolution`: without padding, kernel `(H_s - H_t + 1, W_s - W_t + 1)`, as published. Student at least
 *   as large as the teacher.
 * - `transposed`: a transposed convolution without holes. Teacher at least as large as the student.
 * - `resize`: a 1x1 convolution, with averaging or linear interpolation. Any two sizes.
 */
export type RegressorKind = 'identity' | 'pointwise' | 'convolution' | 'transposed' | 'resize';

/** A regressor as data. */
export interface RegressorPlan {
  readonly kind: RegressorKind;
  readonly student: MapShape;
  readonly teacher: MapShape;
  /** Shape of the hint for one example. */
  readonly hintShape: Shape;
  /** Absent for `identity`. */
  readonly kernelShape?: readonly number[];
  /** Strides of a transposed convolution. */
  readonly strides: readonly [number, number];
  /** Number of trained parameters, including biases. */
  readonly parameters: number;
}

type Fit = (
  student: MapShape,
  teacher: MapShape,
) => Pick<RegressorPlan, 'kernelShape' | 'strides'> | undefined;

const pointwise: Fit = ({ channels }, teacher) => ({
  kernelShape: [channels, teacher.channels],
  strides: [1, 1],
});

/** What each kind requires of the two shapes, and the resulting kernel. */
const fits: Readonly<Record<RegressorKind, { readonly needs: string; readonly fit: Fit }>> = {
  identity: {
    needs: 'equal',
    fit: (student, teacher) =>
      sameSize(student, teacher) && student.channels === teacher.channels ? { strides: [1, 1] } : undefined,
  },
  pointwise: {
    needs: 'equal in height and width',
    fit: (student, teacher) => (sameSize(student, teacher) ? pointwise(student, teacher) : undefined),
  },
  convolution: {
    needs: 'known, with the student at least as high and as wide as the teacher',
    fit: (student, teacher) => {
      const [height, width] = [excess(student.height, teacher.height), excess(student.width, teacher.width)];
      if (height === undefined || width === undefined) return undefined;
      return { kernelShape: [height, width, student.channels, teacher.channels], strides: [1, 1] };
    },
  },
  transposed: {
    needs: 'known, with the teacher at least as high and as wide as the student',
    fit: (student, teacher) => {
      const [rows, columns] = [
        stretch(student.height, teacher.height),
        stretch(student.width, teacher.width),
      ];
      if (rows === undefined || columns === undefined) return undefined;
      return {
        kernelShape: [rows.kernel, columns.kernel, teacher.channels, student.channels],
        strides: [rows.stride, columns.stride],
      };
    },
  },
  resize: {
    needs: 'known in height and width',
    fit: (student, teacher) => {
      const sizes = [student.height, student.width, teacher.height, teacher.width];
      return sizes.includes(null) ? undefined : pointwise(student, teacher);
    },
  },
};

function sameSize(student: MapShape, teacher: MapShape): boolean {
  return student.height === teacher.height && student.width === teacher.width;
}

/**
 * Kernel of a convolution without padding that reduces `large` to `small` (Romero et al. 2015, section 2.2).
 */
function excess(large: number | null, small: number | null): number | undefined {
  return large === null || small === null || large < small ? undefined : large - small + 1;
}

/**
 * Kernel and stride of a transposed convolution from `small` to `large`: (small - 1) stride + kernel = large,
 * kernel >= stride.
 */
function stretch(small: number | null, large: number | null): { kernel: number; stride: number } | undefined {
  if (small === null || large === null || small > large) return undefined;
  const stride = Math.floor(large / small);
  return { stride, kernel: large - (small - 1) * stride };
}

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
  const parameters = ofKernel === undefined ? 0 : ofKernel + to.channels;
  return { kind: chosen, student: from, teacher: to, hintShape: teacher.slice(1), ...fitted, parameters };
}
