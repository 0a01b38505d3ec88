import { argMax, cast, equal } from '@tensorflow/tfjs-core';
import { defineTerm, offTape, optionsOf, text } from '@kd/core';
import type { Term } from '@kd/core';

/** Options of `accuracy`. */
export interface AccuracyOptions {
  /** Default `accuracy`. */
  readonly name?: string;
  /** Name of the output; default: the only one. */
  readonly output?: string;
  /** Name of the target in the batch; default: that of the output, or `labels` if no output is named. */
  readonly target?: string;
}

const accuracyOptions = optionsOf<AccuracyOptions>()({
  name: text.default('accuracy'),
  output: text.optional(),
  target: text.optional(),
});

/**
 * A term of weight 0, which nothing is learned from: whether the class with the largest output is the true
 * one, `[argmax z = y]`.
 *
 * Its mean over an epoch is the accuracy on the training set, measured in the forward pass of each step: with
 * dropout, and before the step.
 *
 * @param options names of the term, output and target
 * @returns a `Term` for `defineRecipe`, with class ids as its target
 * @throws as `hardTarget`
 *
 * @example
 * ```ts
 * import { accuracy } from '@kd/soft-target-loss';
 * const { name, weight } = accuracy();
 * console.log(name, weight);
 * // accuracy 0
 * ```
 */
export function accuracy(options: AccuracyOptions = {}): Term {
  const where = 'accuracy';
  const { name, output, target = output ?? 'labels' } = accuracyOptions.read(where, options);
  return defineTerm({
    name,
    weight: 0,
    settings: { kind: where },
    reads: {
      student: { logits: { as: 'logits', output } },
      targets: { labels: { as: 'class-ids', target } },
    },
    // Off the tape, as a comparison has no gradient.
    loss: ({ student: { logits }, targets: { labels } }) => ({
      values: offTape(() => cast(equal(argMax(logits, -1), labels), 'float32')),
    }),
  });
}
