import { checkTapPair, defineTerm, describeTap, KdError, list, optionsOf, tap, termOptions } from '@kd/core';
import type { Tap, Term, TermOptions } from '@kd/core';
import { mapsOf } from './check-maps.js';
import { lossOf, lossOptions } from './flow-loss.js';
import type { FlowLossOptions } from './flow-loss.js';

/** Options of `flow`. */
export interface FlowOptions extends TermOptions, FlowLossOptions {
  /** Two or more taps in the student, from the first to the last. */
  readonly student: readonly Tap[];
  /** As many taps in the teacher. */
  readonly teacher: readonly Tap[];
}

const flowOptions = optionsOf<FlowOptions>()({
  student: list(tap),
  teacher: list(tap),
  ...termOptions.fields,
  ...lossOptions.fields,
});

/**
 * `flowLoss` between layers of the student and as many of the teacher, as a term of a recipe: the flow from
 * each layer to the next one of the list. Usually the term of a first stage, without others.
 *
 * @param options the taps, outputs `[B, H, W, C]`, in pairs of equally many channels; pooling and distance;
 *   weight, a number or schedule; name
 * @returns a `Term` for `defineRecipe`, named `flow <student taps><-<teacher taps>`
 * @throws `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN` immediately; `KD_TENSOR_SHAPE` before the
 *   first step for taps of another rank, or pairs of different channels
 *
 * @example
 * ```ts
 * import { flow } from '@kd/flow';
 * const term = flow({ student: ['conv_1', 'conv_2'], teacher: ['conv_1', 'conv_6'] });
 * console.log(term.name);
 * // flow conv_1,conv_2<-conv_1,conv_6
 * ```
 */
export function flow(options: FlowOptions): Term {
  const where = 'flow';
  const { student, teacher, weight, name, ...settings } = flowOptions.read(where, options);
  if (student.length < 2 || student.length !== teacher.length)
    throw new KdError({
      code: 'KD_OPTION_RANGE',
      where,
      argument: 'options.student and options.teacher',
      expected: 'lists of as many taps, at least two',
      received: `${String(student.length)} of the student and ${String(teacher.length)} of the teacher`,
      remedy: 'Name the layers of both models in pairs, from the first to the last.',
    });
  const names = [student, teacher].map((of) => of.map(describeTap).join());
  return defineTerm({
    name: name ?? `flow ${names.join('<-')}`,
    weight,
    reads: { student: { maps: student }, teacher: { maps: teacher } },
    settings,
    check: ({ student: ofStudent, teacher: ofTeacher, datasetSize }) => {
      for (const [pair, features] of ofTeacher.maps.entries())
        checkTapPair(
          where,
          { student: student[pair] as Tap, teacher: teacher[pair] as Tap },
          { student: { features: ofStudent.maps[pair] ?? features }, teacher: { features }, datasetSize },
          mapsOf(undefined, features.shape.at(-1)),
        );
    },
    loss: (batch) => ({ values: lossOf(batch.teacher.maps, batch.student.maps, settings) }),
  });
}
