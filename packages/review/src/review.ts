import { checkTapPair, defineTerm, list, optionFault, optionsOf, tap, termOptions, whole } from '@kd/core';
import type { FeatureShape, Tap, Term, TermOptions } from '@kd/core';
import { addN, reshape } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { fusedStages } from './fused-stages.js';
import { fusionModule } from './fusion.js';
import { hierarchicalContextLoss } from './hierarchical-context-loss.js';

/** Options of `review`. */
export interface ReviewOptions extends TermOptions {
  /** Taps in the student, from shallow to deep. */
  readonly student: readonly Tap[];
  /** As many taps in the teacher, in the same order. */
  readonly teacher: readonly Tap[];
  /** Channels inside the fusion blocks, a whole number >= 1; default: of the deepest tap, at most 512. */
  readonly channels?: number;
}

const reviewOptions = optionsOf<ReviewOptions>()({
  student: list(tap),
  teacher: list(tap),
  channels: whole(1).optional(),
  ...termOptions.fields,
});

const mapsOrVectors: FeatureShape = {
  expected: 'of shape [B, height, width, channels] or [B, channels] with known channels',
  fits: (shape) => (shape.length === 4 || shape.length === 2) && typeof shape.at(-1) === 'number',
  remedy: 'Pass the output of a convolution or pooling layer, channels last.',
};

/**
 * What the student's stages say, fused from deep to shallow, against the teacher's stages:
 * `sum_i hierarchicalContextLoss(t_i, y_i)`.
 *
 * In each stage a fusion block brings the student's map to the teacher's size and channels, after it has
 * added what the deeper stages say, by weights that it learns for each position. So a shallow layer of the
 * teacher also teaches the student's deeper ones (Chen et al. 2021). The blocks train along and are saved in
 * checkpoints under the term's name; the trained student contains no trace of them.
 *
 * @param options lists of taps, outputs `[B, H, W, C]`, or `[B, C]` as a map of one position; size of the
 *   blocks; weight, a number or schedule; name
 * @returns a `Term` for `defineRecipe`, named `review`
 * @throws `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN` immediately; `KD_TENSOR_SHAPE` before the
 *   first step for taps of another rank
 *
 * @example
 * ```ts
 * import { review } from '@kd/review';
 * const term = review({ student: ['conv_1', 'conv_2', 'pool'], teacher: ['conv_3', 'conv_6', 'pool'] });
 * console.log(term.name, Object.keys(term.modules));
 * // review [ 'fusion' ]
 * ```
 */
export function review(options: ReviewOptions): Term {
  const where = 'review';
  const { student, teacher, channels, weight, name = where } = reviewOptions.read(where, options);
  if (student.length === 0)
    throw optionFault('RANGE', { where, argument: 'options.student' }, 'at least one tap', student, addTaps);
  if (teacher.length !== student.length) {
    const expected = `as long as options.student, ${String(student.length)}`;
    throw optionFault('RANGE', { where, argument: 'options.teacher' }, expected, teacher, addTaps);
  }
  const reads = { student: { maps: student }, teacher: { maps: teacher } };
  return defineTerm({
    name,
    weight,
    reads,
    settings: { channels: channels ?? null },
    modules: { fusion: fusionModule(name, reads, channels) },
    check: (infos) => {
      for (const [stage, features] of infos.student.maps.entries())
        checkTapPair(
          where,
          { student: student[stage] as Tap, teacher: teacher[stage] as Tap },
          {
            student: { features },
            teacher: { features: infos.teacher.maps[stage] ?? features },
            datasetSize: infos.datasetSize,
          },
          mapsOrVectors,
        );
    },
    loss: ({ student, teacher, modules: { fusion } }) => {
      const targets = teacher.maps.map(asMap);
      const sizes = targets.map(({ shape: [, height = 0, width = 0] }) => [height, width] as const);
      const stages = fusedStages(fusion, student.maps.map(asMap), sizes);
      return {
        values: addN(stages.map((stage, at) => hierarchicalContextLoss(targets[at] as Tensor, stage))),
      };
    },
  });
}

const addTaps = 'Pass a list of taps for each side, shallow to deep.';

function asMap(features: Tensor): Tensor {
  return features.rank === 4 ? features : reshape(features, [features.shape[0], 1, 1, -1]);
}
