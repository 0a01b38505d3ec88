import { sum } from '@tensorflow/tfjs-core';
import { optionsOf } from '@kd/core';
import type { Term } from '@kd/core';
import { jensenShannonLoss, jensenShannonOptions } from '../jensen-shannon-loss.js';
import { reverseSoftTargetLoss } from '../reverse-soft-target-loss.js';
import { presentAndAbsent } from '../sigmoid-soft-target-loss.js';
import { softTargetLoss } from '../soft-target-loss.js';
import { mixedLabelLogits, mixedLogits, studentLogits } from './outputs.js';
import { softTerm, softTermOptions } from './soft-terms.js';
import type { SoftTermOptions } from './soft-terms.js';

/**
 * The term of Hinton, Vinyals, Dean 2015: `softTargetLoss` between the outputs of teacher and student.
 *
 * Takes logits or probabilities on either side, and several teachers, whose softened outputs are mixed at T.
 *
 * @param options temperature and weight, numbers or schedules; `mix` for ensembles
 * @returns a `Term` for `defineRecipe`
 * @throws `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN` immediately; `KD_CLASSES_MISMATCH`,
 *   `KD_TEACHER_CONVENTION` before the first step
 *
 * @example
 * ```ts
 * import { softTarget } from '@kd/soft-target-loss';
 * const term = softTarget({ temperature: 4, weight: 0.9 });
 * console.log(term.name, term.weight, term.needs?.join());
 * // soft 0.9 teacher
 * ```
 */
export function softTarget(options: SoftTermOptions): Term {
  const where = 'softTarget';
  return softTerm(
    {
      where,
      defaultName: 'soft',
      independentLabels: false,
      loss: (batch, mix, fixed) =>
        softTargetLoss(mixedLogits(where, batch, mix, fixed.temperature), studentLogits(batch), fixed),
    },
    softTermOptions.read(where, options),
  );
}

/**
 * `sigmoidSoftTargetLoss` between the outputs of teacher and student, for independent labels.
 *
 * @param options temperature and weight, numbers or schedules; `mix` for ensembles
 * @returns a `Term` for `defineRecipe`
 * @throws as `softTarget`
 *
 * @example
 * ```ts
 * import { sigmoidSoftTarget } from '@kd/soft-target-loss';
 * console.log(sigmoidSoftTarget({ temperature: 2 }).name);
 * // sigmoid soft
 * ```
 */
export function sigmoidSoftTarget(options: SoftTermOptions): Term {
  const where = 'sigmoidSoftTarget';
  return softTerm(
    {
      where,
      defaultName: 'sigmoid soft',
      independentLabels: true,
      loss: (batch, mix, fixed) => {
        const teacher = mixedLabelLogits(where, batch, mix, fixed.temperature);
        return sum(softTargetLoss(teacher, presentAndAbsent(studentLogits(batch)), fixed), -1);
      },
    },
    softTermOptions.read(where, options),
  );
}

/**
 * `reverseSoftTargetLoss` between the outputs of teacher and student.
 *
 * @param options temperature and weight, numbers or schedules; `mix` for ensembles
 * @returns a `Term` for `defineRecipe`
 * @throws as `softTarget`
 *
 * @example
 * ```ts
 * import { reverseSoftTarget } from '@kd/soft-target-loss';
 * console.log(reverseSoftTarget({ temperature: 1 }).name);
 * // reverse soft
 * ```
 */
export function reverseSoftTarget(options: SoftTermOptions): Term {
  const where = 'reverseSoftTarget';
  return softTerm(
    {
      where,
      defaultName: 'reverse soft',
      independentLabels: false,
      loss: (batch, mix, fixed) =>
        reverseSoftTargetLoss(mixedLogits(where, batch, mix, fixed.temperature), studentLogits(batch), fixed),
    },
    softTermOptions.read(where, options),
  );
}

/** Options of `jensenShannon`. */
export interface JensenShannonTermOptions extends SoftTermOptions {
  /** The teacher's share of the mixture, strictly between 0 and 1; default 0.5. */
  readonly beta?: number;
}

const jensenShannonTermOptions = optionsOf<JensenShannonTermOptions>()({
  ...jensenShannonOptions.fields,
  ...softTermOptions.fields,
});

/**
 * `jensenShannonLoss` between the outputs of teacher and student.
 *
 * @param options temperature and weight, numbers or schedules; β; `mix` for ensembles
 * @returns a `Term` for `defineRecipe`
 * @throws what `softTarget` throws, and `KD_OPTION_RANGE` for β outside (0, 1)
 *
 * @example
 * ```ts
 * import { jensenShannon } from '@kd/soft-target-loss';
 * console.log(jensenShannon({ temperature: 2, beta: 0.1 }).name);
 * // Jensen-Shannon
 * ```
 */
export function jensenShannon(options: JensenShannonTermOptions): Term {
  const where = 'jensenShannon';
  const { beta, ...shared } = jensenShannonTermOptions.read(where, options);
  return softTerm(
    {
      where,
      defaultName: 'Jensen-Shannon',
      independentLabels: false,
      settings: { beta },
      loss: (batch, mix, fixed) => {
        const teacher = mixedLogits(where, batch, mix, fixed.temperature);
        return jensenShannonLoss(teacher, studentLogits(batch), { ...fixed, beta });
      },
    },
    shared,
  );
}
