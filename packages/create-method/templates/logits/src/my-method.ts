import { defineTerm, optionsOf, termOptions, text } from '@kd/core';
import type { Term, TermOptions } from '@kd/core';
import { lossOptions, myMethodLoss } from './my-method-loss.js';
import type { MyMethodLossOptions } from './my-method-loss.js';

/** Options of `myMethod`. */
export interface MyMethodOptions extends TermOptions, MyMethodLossOptions {
  /** Name of the output, the same on both sides; default: the only one. */
  readonly output?: string;
}

const myMethodOptions = optionsOf<MyMethodOptions>()({
  ...termOptions.fields,
  ...lossOptions.fields,
  output: text.optional(),
});

/**
 * `myMethodLoss` between the outputs of teacher and student, as a term of a recipe.
 *
 * @param options T; name of the output; weight, a number or schedule; name
 * @returns a `Term` for `defineRecipe`, named `my method`
 * @throws `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`
 */
export function myMethod(options: MyMethodOptions = {}): Term {
  const { name = 'my method', weight, output, temperature } = myMethodOptions.read('myMethod', options);
  return defineTerm({
    name,
    weight,
    settings: { temperature },
    reads: {
      student: { logits: { as: 'logits', output } },
      teacher: { logits: { as: 'logits', output } },
    },
    loss: ({ student, teacher }) => ({
      values: myMethodLoss(teacher.logits, student.logits, { temperature }),
    }),
  });
}
