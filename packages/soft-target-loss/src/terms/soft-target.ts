import { sum } from '@tensorflow/tfjs-core';
import { optionsOf } from '@kd/core';
import type { Term } from '@kd/core';
import { jensenShannonLossOf, jensenShannonOptions } from '../jensen-shannon-loss.js';
import { reverseSoftTargetLossOf } from '../reverse-soft-target-loss.js';
import { presentAndAbsent } from '../sigmoid-soft-target-loss.js';
import { softTargetLossOf } from '../soft-target-loss.js';
import { mixedLogits } from './mixed-logits.js';
import { softTerm, softTermOptions } from './soft-terms.js';
import type { SoftTermOptions } from './soft-terms.js';

/**
 * The term of Hinton, Vinyals, Dean 2015: `softTargetLoss` between the outputs of teacher and student.
 *
 * Takes logits or probabilities on either side, and several teachers, whose softened outputs are mixed at T.
 *
 * @param options temperature and weight, numbers or schedules; `output` if there are several; `mix` for
 *   ensembles
 * @returns a `Term` for `defineRecipe`
 * @throws `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN` immediately; the recipe throws
 *   `KD_CLASSES_MISMATCH`, `KD_TEACHER_CONVENTION`, `KD_OUTPUT_UNKNOWN` before the first step
 *
 * @example
 * ```ts
 * import { softTarget } from '@kd/soft-target-loss';
 * const term = softTarget({ temperature: 4, weight: 0.9 });
 * console.log(term.name, term.weight, term.scalars['temperature']);
 * // soft 0.9 4
 * ```
 */
export function softTarget(options: SoftTermOptions): Term {
  const where = 'softTarget';
  return softTerm(
    {
      where,
      defaultName: 'soft',
      as: 'logits',
      loss: (teacher, student, { mix, ...at }) =>
        softTargetLossOf(mixedLogits(teacher, mix, at.temperature), student, at),
    },
    softTermOptions.read(where, options),
  );
}

/**
 * `sigmoidSoftTargetLoss` between the outputs of teacher and student, for independent labels.
 *
 * @param options temperature and weight, numbers or schedules; `output` if there are several; `mix` for
 *   ensembles
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
      as: 'sigmoid-logits',
      loss: (teacher, student, { mix, ...at }) => {
        const pairs = teacher.map(({ output, weight }) => ({ output: presentAndAbsent(output), weight }));
        const mixed = mixedLogits(pairs, mix, at.temperature);
        return sum(softTargetLossOf(mixed, presentAndAbsent(student), at), -1);
      },
    },
    softTermOptions.read(where, options),
  );
}

/**
 * `reverseSoftTargetLoss` between the outputs of teacher and student.
 *
 * @param options temperature and weight, numbers or schedules; `output` if there are several; `mix` for
 *   ensembles
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
      as: 'logits',
      loss: (teacher, student, { mix, ...at }) =>
        reverseSoftTargetLossOf(mixedLogits(teacher, mix, at.temperature), student, at),
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
 * @param options temperature and weight, numbers or schedules; `output` if there are several; β; `mix` for
 *   ensembles
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
      as: 'logits',
      settings: { beta },
      loss: (teacher, student, { mix, ...at }) =>
        jensenShannonLossOf(mixedLogits(teacher, mix, at.temperature), student, at, beta),
    },
    shared,
  );
}
