import {
  checkShape,
  checkTapPair,
  defineTerm,
  optionsOf,
  scheduled,
  selected,
  tapPairFields,
  tapPairOptions,
  temperatureOption,
  text,
} from '@kd/core';
import type { Infos, Schedule, TapPairOptions, TapPairReads, Term } from '@kd/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { edgesOfShape } from './edge-distributions.js';
import { lossOf } from './localization-loss.js';

/** Options of `localization`. */
export interface LocalizationOptions extends TapPairOptions {
  /** Temperature T of teacher and student, > 0, or a schedule of it; default 10. */
  readonly temperature?: number | Schedule;
  /**
   * Name of a target `[B, ...]` that says by numbers in [0, 1] how much each location counts; default: all
   * alike.
   */
  readonly region?: string;
}

const localizationOptions = optionsOf<LocalizationOptions>()({
  ...tapPairOptions.fields,
  temperature: scheduled(temperatureOption).default(10),
  region: text.optional(),
});

/**
 * `localizationLoss` between a layer of the student and one of the teacher, as a term of a recipe: the mean
 * over the locations, weighted by a region. Locations that the mask of a batch leaves out do not count
 * (Zheng et al. 2022).
 *
 * @param options the two taps, outputs `[B, ..., 4, bins]`; T, a number or schedule; the target of the
 *   region; weight, a number or schedule; name
 * @returns a `Term` for `defineRecipe`, named `localization <student><-<teacher>`
 * @throws `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN` immediately; `KD_TENSOR_SHAPE` before the
 *   first step for taps of other shapes, and in a step for a region or mask of another shape
 *
 * @example
 * ```ts
 * import { localization } from '@kd/dense';
 * const term = localization({ student: 'edges', teacher: 'edges', region: 'nearObjects' });
 * console.log(term.name, term.reads.targets);
 * // localization edges<-edges { region: { as: 'sigmoid-probabilities', target: 'nearObjects' } }
 * ```
 */
export function localization(options: LocalizationOptions): Term {
  const where = 'localization';
  const settings = localizationOptions.read(where, options);
  const { temperature, region } = settings;
  const { reads, ...fields } = tapPairFields('localization', settings);
  const shared = {
    ...fields,
    scalars: { temperature },
    settings: { region: region ?? null },
  };
  const checkTaps = (infos: Infos<TapPairReads>): void => {
    checkTapPair(where, settings, infos, edgesOfShape(infos.teacher.features.shape));
  };
  if (region === undefined)
    return defineTerm({
      ...shared,
      reads: { ...reads, mask: true },
      check: (infos) => {
        checkTaps(infos);
      },
      loss: ({ student, teacher, mask, scalars }) => ({
        values: lossOf(counted(teacher.features, mask), counted(student.features, mask), scalars.temperature),
      }),
    });
  return defineTerm({
    ...shared,
    reads: { ...reads, mask: true, targets: { region: { as: 'sigmoid-probabilities', target: region } } },
    check: (infos) => {
      checkTaps(infos);
    },
    loss: ({ student, teacher, targets, mask, scalars }) => {
      checkShape(where, `targets.${region}`, targets.region, student.features.shape.slice(0, -2));
      return {
        values: lossOf(counted(teacher.features, mask), counted(student.features, mask), scalars.temperature),
        weights: counted(targets.region, mask),
      };
    },
  });
}

/** Without what a masked location holds, which may be NaN. */
function counted(value: Tensor, mask: Tensor | undefined): Tensor {
  if (mask === undefined) return value;
  checkShape('localization', 'batch.mask', mask, value.shape.slice(0, mask.rank));
  return selected(value, mask);
}
