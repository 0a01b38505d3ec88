import { layers } from '@tensorflow/tfjs-layers';
import type { Tensor } from '@tensorflow/tfjs-core';
import { oneOf } from '@kd/core';
import type { Check } from '@kd/core';

/** Final activations of a regressor. Each works element by element. */
export const regressorActivations = [
  'linear',
  'relu',
  'relu6',
  'elu',
  'selu',
  'sigmoid',
  'hardSigmoid',
  'tanh',
  'softplus',
  'softsign',
  'swish',
  'mish',
  'gelu',
] as const;

/** The name of a tfjs activation. */
export type RegressorActivation = (typeof regressorActivations)[number];

function isKnown(name: unknown): name is RegressorActivation {
  return regressorActivations.some((known) => known === name);
}

/**
 * The activation with the hint's range: the teacher's if it is known, otherwise none.
 *
 * With another activation a regressor could never reach some hints (a ReLU reaches no negative one); without
 * one it reaches all.
 */
export function activationForHint(ofTeacher: string | undefined): RegressorActivation {
  return isKnown(ofTeacher) ? ofTeacher : 'linear';
}

/** Describes an option for the final activation of a regressor. */
export const regressorActivation: Check<RegressorActivation> = oneOf(...regressorActivations);

/** The tfjs activation of that name. */
export function activationNamed(name: RegressorActivation): (x: Tensor) => Tensor {
  if (name === 'linear') return (x) => x;
  const { activation } = layers.activation({ activation: name }) as layers.Layer & {
    activation: { apply: (x: Tensor) => Tensor };
  };
  return (x) => activation.apply(x);
}
