import { check, optionsOf, record } from '@kd/core';
import type { Teacher } from '@kd/core';
import { describeMembers } from './describe-members.js';
import { readMembers, where } from './ensemble-members.js';
import { predictMembers } from './predict-members.js';

/** Options of `ensembleTeacher`. */
export interface EnsembleTeacherOptions {
  /** The weight of each member by name, >= 0, summing to one; default: equal weights. */
  readonly weights?: Readonly<Record<string, number>>;
}

// The numbers are checked together with the members, because their sum matters.
const weight = check<number>('a number', (_, value) => value as number);
const ensembleTeacherOptions = optionsOf<EnsembleTeacherOptions>()({ weights: record(weight).optional() });

/**
 * Combines several teachers into one. The members stay separate: the soft term mixes them at its temperature.
 *
 * The mean of softened outputs cannot be computed from the mean output (Hinton, Vinyals, Dean 2015, section
 * 2). Ensembles nest.
 *
 * The ensemble has the outputs that all members have; what only some have, such as an extra head, is left
 * out.
 *
 * @param members teachers by name, at least one; outputs of the same name must have the same convention,
 *   shape and classes
 * @param options the members' weights
 * @returns a `Teacher`; the taps of its members are `name/tap`
 * @throws `KD_OPTION_TYPE` for a member that is not a teacher, `KD_BATCH_EMPTY` without members,
 *   `KD_OPTION_UNKNOWN` for a weight without a member, `KD_WEIGHT_RANGE` for weights that are negative, NaN
 *   or do not sum to one. `describe` and `predict` reject with `KD_TAP_UNKNOWN` for a tap of no member,
 *   `KD_TAP_AMBIGUOUS` for a tap of two members, and with the code of a member's error if a member fails,
 *   naming it; `KD_TEACHER_OUTPUT` if that error is not a `KdError`, if an answer is incomplete, or if
 *   members differ or share no output
 *
 * @example
 * ```ts
 * import { ensembleTeacher, layersTeacher } from '@kd/teacher';
 * import { ones } from '@tensorflow/tfjs-core';
 * import * as tf from '@tensorflow/tfjs-layers';
 * const model = () => tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [4] })] });
 * const teacher = ensembleTeacher(
 *   { first: layersTeacher(model(), { convention: 'logits' }), second: layersTeacher(model(), { convention: 'logits' }) },
 *   { weights: { first: 0.75, second: 0.25 } },
 * );
 * const { members } = await teacher.predict({ inputs: { x: ones([2, 4]) } }, { outputs: ['output'], taps: [] });
 * console.log(members.map(({ weight }) => weight).join(' '));
 * // 0.75 0.25
 * ```
 */
export function ensembleTeacher(
  members: Readonly<Record<string, Teacher>>,
  options: EnsembleTeacherOptions = {},
): Teacher {
  const { weights } = ensembleTeacherOptions.read(where, options);
  const ensemble = readMembers(members, weights);
  return {
    describe: ({ taps }) => describeMembers(ensemble, taps),
    predict: (batch, request) => predictMembers(ensemble, batch, request),
    dispose: () => {
      for (const teacher of new Set(ensemble.map((member) => member.teacher))) teacher.dispose?.();
    },
  };
}
