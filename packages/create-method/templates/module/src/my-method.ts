import { checkTapPair, defineTerm, rowsOfFeatures, tapPairFields, tapPairOptions } from '@kd/core';
import type { TapPairOptions, Term } from '@kd/core';
import { myMethodLoss } from './my-method-loss.js';
import { projected, projectorModule } from './projector.js';

/** Options of `myMethod`. */
export type MyMethodOptions = TapPairOptions;

/**
 * `myMethodLoss` between a layer of the student and one of the teacher, as a term of a recipe. A linear
 * projector, which trains along and is saved in checkpoints under the term's name, gives the student the
 * teacher's channels.
 *
 * @param options the two taps, outputs that differ in their last axis at most; weight, a number or schedule;
 *   name
 * @returns a `Term` for `defineRecipe`, named `my method <student><-<teacher>`
 * @throws `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN` immediately; `KD_TENSOR_SHAPE` before the
 *   first step for taps of other shapes
 */
export function myMethod(options: MyMethodOptions): Term {
  const where = 'myMethod';
  const settings = tapPairOptions.read(where, options);
  const fields = tapPairFields('my method', settings);
  return defineTerm({
    ...fields,
    modules: { projector: projectorModule(fields.name, fields.reads) },
    check: (infos) => {
      const positions = infos.teacher.features.shape.slice(0, -1).join();
      const projectable = {
        ...rowsOfFeatures,
        expected: 'of shape [B, ..., D], equal but for D',
        fits: (shape: readonly unknown[]) =>
          shape.length >= 2 && typeof shape.at(-1) === 'number' && shape.slice(0, -1).join() === positions,
      };
      checkTapPair(where, settings, infos, projectable);
    },
    loss: ({ student, teacher, modules: { projector } }) => ({
      values: myMethodLoss(teacher.features, projected(projector, student.features)),
    }),
  });
}
