import { boolean, checkTapPair, defineTerm, optionsOf, tapPairFields, tapPairOptions } from '@kd/core';
import type { FeatureShape, Shape, TapPairOptions, Term } from '@kd/core';
import { lossOf, lossOptions } from './activation-boundary-loss.js';
import type { ActivationBoundaryLossOptions } from './activation-boundary-loss.js';
import { checkActivations } from './check-activations.js';
import { connected, connectorModule } from './connector.js';

/** Options of `activationBoundary`. */
export interface ActivationBoundaryOptions extends TapPairOptions, ActivationBoundaryLossOptions {
  /** Whether a trained 1x1 convolution and a normalisation come after the student's layer; default true. */
  readonly connects?: boolean;
}

const activationBoundaryOptions = optionsOf<ActivationBoundaryOptions>()({
  ...tapPairOptions.fields,
  ...lossOptions.fields,
  connects: boolean.default(true),
});

/**
 * `activationBoundaryLoss` between a layer of the student and one of the teacher, as a term of a recipe,
 * usually of a first stage. A connector, a 1x1 convolution with batch normalisation, gives the student the
 * teacher's channels. It trains along and is saved in checkpoints under the term's name; the trained student
 * contains no trace of it (Heo et al. 2019).
 *
 * @param options the two taps, before their activations, outputs `[B, ..., C]` that agree in all but C;
 *   margin; `connects: false` for layers of equally many channels; weight, a number or schedule; name
 * @returns a `Term` for `defineRecipe`, named `boundaries <student><-<teacher>`
 * @throws `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN` immediately; before the first step
 *   `KD_TENSOR_SHAPE` for taps of other shapes, and `KD_TERM_NEEDS` for values after an activation that
 *   leaves only one side of zero
 *
 * @example
 * ```ts
 * import { activationBoundary } from '@kd/activation-boundary';
 * const before = (layer: string) => ({ layer, at: 'preActivation' }) as const;
 * const term = activationBoundary({ student: before('conv_2'), teacher: before('conv_6') });
 * console.log(term.name, Object.keys(term.modules));
 * // boundaries conv_2@preActivation<-conv_6@preActivation [ 'connector' ]
 * ```
 */
export function activationBoundary(options: ActivationBoundaryOptions): Term {
  const where = 'activationBoundary';
  const settings = activationBoundaryOptions.read(where, options);
  const { margin, connects } = settings;
  const fields = {
    ...tapPairFields('boundaries', settings),
    settings: { margin, connects },
    check: (infos: Parameters<typeof checkTapPair>[2]) => {
      checkTapPair(where, settings, infos, like(infos.teacher.features.shape, connects));
      checkActivations(where, infos.student, infos.teacher, connects);
    },
  };
  if (!connects)
    return defineTerm({
      ...fields,
      loss: ({ student, teacher }) => ({ values: lossOf(teacher.features, student.features, settings) }),
    });
  return defineTerm({
    ...fields,
    modules: { connector: connectorModule(fields.name, fields.reads) },
    loss: ({ student, teacher, modules: { connector } }) => ({
      values: lossOf(teacher.features, connected(connector, student.features), settings),
    }),
  });
}

/** Features of the teacher's sizes, and, without a connector, of as many channels. */
function like(teacher: Shape, connects: boolean): FeatureShape {
  const sizes = (shape: Shape): string => shape.slice(1, connects ? -1 : undefined).join();
  return {
    expected: `of shape [B, ..., C], of the same sizes${connects ? '' : ' and channels'}`,
    fits: (shape) => shape.length >= 2 && typeof shape.at(-1) === 'number' && sizes(shape) === sizes(teacher),
    remedy: 'Pick layers of the same sizes.',
  };
}
