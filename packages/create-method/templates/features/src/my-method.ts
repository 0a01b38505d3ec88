import { checkTapPair, defineTerm, optionsOf, rowsOfFeatures, tapPairFields, tapPairOptions } from '@kd/core';
import type { TapPairOptions, Term } from '@kd/core';
import { lossOptions, myMethodLoss } from './my-method-loss.js';
import type { MyMethodLossOptions } from './my-method-loss.js';

/** Options of `myMethod`. */
export interface MyMethodOptions extends TapPairOptions, MyMethodLossOptions {}

const myMethodOptions = optionsOf<MyMethodOptions>()({ ...tapPairOptions.fields, ...lossOptions.fields });

/**
 * `myMethodLoss` between a layer of the student and one of the teacher, as a term of a recipe.
 *
 * @param options the two taps, outputs of one shape; δ; weight, a number or schedule; name
 * @returns a `Term` for `defineRecipe`, named `my method <student><-<teacher>`
 * @throws `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN` immediately; `KD_TENSOR_SHAPE` before the
 *   first step for taps of other shapes
 */
export function myMethod(options: MyMethodOptions): Term {
  const where = 'myMethod';
  const settings = myMethodOptions.read(where, options);
  const { delta } = settings;
  return defineTerm({
    ...tapPairFields('my method', settings),
    settings: { delta },
    check: (infos) => {
      const shape = infos.teacher.features.shape.join();
      const equal = {
        ...rowsOfFeatures,
        expected: 'of one shape [B, ..., D]',
        fits: (one: readonly unknown[]) => one.length >= 2 && one.join() === shape,
      };
      checkTapPair(where, settings, infos, equal);
    },
    loss: ({ student, teacher }) => ({ values: myMethodLoss(teacher.features, student.features, { delta }) }),
  });
}
