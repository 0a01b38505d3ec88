import type { Shape } from '@kd/core';
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
 * - `batchNormalized`: a convolution and batch normalisation, as RepDistiller's `ConvReg`. Equal sizes, a
 *   student of twice or half the size, or at least as large.
 */
export type RegressorKind = RegressorForm | 'batchNormalized';

/** How a regressor maps positions. */
export type RegressorForm = 'identity' | 'pointwise' | 'convolution' | 'transposed' | 'resize';

/** A regressor as data. */
export interface RegressorPlan {
  readonly kind: RegressorKind;
  /** Equals `kind`, unless that is `batchNormalized`. */
  readonly form: RegressorForm;
  readonly student: MapShape;
  readonly teacher: MapShape;
  /** Shape of the hint for one example. */
  readonly hintShape: Shape;
  /** Absent for `identity`. */
  readonly kernelShape?: readonly number[];
  /** Strides of a convolution, transposed or not. */
  readonly strides: readonly [number, number];
  /** Zeros before each axis of the student's map; of a transposed convolution, rows cut off on all sides. */
  readonly padding: number;
  /** Number of trained parameters, including biases. */
  readonly parameters: number;
}
