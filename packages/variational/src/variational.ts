import {
  checkTapPair,
  defineTerm,
  numberIn,
  offTape,
  optionsOf,
  poolToEqual,
  tapPairFields,
  tapPairOptions,
  whole,
} from '@kd/core';
import type { FeatureShape, TapPairOptions, Term } from '@kd/core';
import { add, div, log, mean, mul, square, sub } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { predicted, predictorModule, variance } from './predictor.js';
import type { Predictor } from './predictor.js';

/** Options of `variational`. */
export interface VariationalOptions extends TapPairOptions {
  /** Channels between the predictor's convolutions, a whole number >= 1; default: those of the teacher. */
  readonly hidden?: number;
  /** Variance of each channel at the start, at least 1e-4; default 5. */
  readonly initialVariance?: number;
}

const variationalOptions = optionsOf<VariationalOptions>()({
  ...tapPairOptions.fields,
  hidden: whole(1).optional(),
  initialVariance: numberIn('a number from 1e-4 to 1e4', (x) => x >= 1e-4 && x <= 1e4, 'Use 5.').default(5),
});

const mapsOfKnownChannels: FeatureShape = {
  expected: 'of shape [B, height, width, channels] with known channels',
  fits: (shape) => shape.length === 4 && typeof shape[3] === 'number',
  remedy: 'Pass the output of a convolution or pooling layer, channels last.',
};

/**
 * How unlikely the teacher's map is, given the student's: `mean 1/2 ((t - μ(s))² / σ_c² + log σ_c²)`.
 *
 * μ is a small convolutional net that the term trains, and σ_c² a variance that it learns for each channel of
 * the teacher, so that a channel which the student cannot predict counts less. The loss bounds the mutual
 * information of both layers from below; the constant log 2π is left out (Ahn et al. 2019, eq. 5 and 6). Maps
 * of other sizes are pooled to the smaller one. The predictor is saved in checkpoints under the term's name;
 * the trained student contains no trace of it.
 *
 * @param options the two taps, outputs `[B, H, W, C]`; size and start of the predictor; weight, a number or
 *   schedule; name
 * @returns a `Term` for `defineRecipe`, named `information <student><-<teacher>`
 * @throws `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN` immediately; `KD_TENSOR_SHAPE` before the
 *   first step for taps of another rank
 *
 * @example
 * ```ts
 * import { variational } from '@kd/variational';
 * const term = variational({ student: 'conv_2', teacher: 'conv_6' });
 * console.log(term.name, Object.keys(term.modules));
 * // information conv_2<-conv_6 [ 'predictor' ]
 * ```
 */
export function variational(options: VariationalOptions): Term {
  const where = 'variational';
  const settings = variationalOptions.read(where, options);
  const { hidden, initialVariance } = settings;
  const fields = tapPairFields('information', settings);
  return defineTerm({
    ...fields,
    settings: { hidden: hidden ?? null, initialVariance },
    modules: { predictor: predictorModule(fields.name, fields.reads, { hidden, initialVariance }) },
    check: (infos) => {
      checkTapPair(where, settings, infos, mapsOfKnownChannels);
    },
    loss: ({ student, teacher, modules: { predictor } }) => ({
      values: lossOf(predictor, teacher.features, student.features),
    }),
  });
}

function lossOf(predictor: Predictor, teacherFeatures: Tensor, studentFeatures: Tensor): Tensor {
  const [teacher, student] = poolToEqual(
    offTape(() => mul(teacherFeatures, 1)),
    studentFeatures,
  );
  const spread = variance(predictor);
  const error = div(square(sub(predicted(predictor, student), teacher)), spread);
  return mul(mean(add(error, log(spread)), [1, 2, 3]), 0.5);
}
