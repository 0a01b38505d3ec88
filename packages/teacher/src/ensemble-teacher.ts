import { check, optionsOf, record } from '@kd/core';
import type { Teacher } from '@kd/core';
import { describeMembers } from './describe-members.js';
import { readMembers, where } from './ensemble-members.js';
import { predictMembers } from './predict-members.js';

/** Options of `ensembleTeacher`. */
export interface EnsembleTeacherOptions {
  /** Weight of each member by its name, >= 0, summing to one; default: equal weights. */
  readonly weights?: Readonly<Record<string, number>>;
}

// Numbers are looked at together, with the members: it is their sum that matters.
const weight = check<number>('a number', (_, value) => value as number);
const ensembleTeacherOptions = optionsOf<EnsembleTeacherOptions>()({ weights: record(weight).optional() });

/**
 * Several teachers as one, whose members stay apart: the soft term mixes them at its own temperature.
 *
 * A mean of softened outputs is no function of the softened mean (Hinton, Vinyals, Dean 2015, section 2). Ensembles nest.
 *
 * @param members teachers by name, at least one; they must agree about convention, shape and classes
 * @param options the members' weights
 * @returns a `Teacher`; the taps of its members are `name/tap`
 * @throws `KD_OPTION_TYPE` for a member that is no teacher, `KD_BATCH_EMPTY` without members, `KD_OPTION_UNKNOWN` for a weight of no
 *   member, `KD_WEIGHT_RANGE` for weights that are negative, NaN or do not sum to one. `describe` and `predict` reject with
 *   `KD_TAP_UNKNOWN` for a tap of no member, `KD_TAP_AMBIGUOUS` for one of two, and with the code of the member's own error if a member
 *   fails, naming it; `KD_TEACHER_OUTPUT` if that is no `KdError`, if an answer is incomplete or if members disagree
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
 * const { members } = await teacher.predict({ inputs: { x: ones([2, 4]) } }, { taps: [] });
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
