import { layers } from '@tensorflow/tfjs-layers';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Check } from '@kd/core';
import { word } from '../word.js';

/** Activations that a regressor can end in. Each works on one number at a time. */
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

/** The name of an activation of tfjs. */
export type RegressorActivation = (typeof regressorActivations)[number];

function isKnown(name: unknown): name is RegressorActivation {
  return regressorActivations.some((known) => known === name);
}

/**
 * The activation whose range is that of the hint: the teacher's where it is known, otherwise none.
 *
 * A regressor that ends in another one could never reach some hints (a ReLU no negative one); one that ends in none reaches all.
 */
export function activationForHint(ofTeacher: string | undefined): RegressorActivation {
  return isKnown(ofTeacher) ? ofTeacher : 'linear';
}

/** An activation that a regressor can end in, as an option. */
export const regressorActivation: Check<RegressorActivation> = word(
  regressorActivations,
  'Use the activation of the hint layer, or "linear".',
);

/** tfjs's own activation of that name. */
export function activationNamed(name: RegressorActivation): (x: Tensor) => Tensor {
  if (name === 'linear') return (x) => x;
  const { activation } = layers.activation({ activation: name }) as layers.Layer & {
    activation: { apply: (x: Tensor) => Tensor };
  };
  return (x) => activation.apply(x);
}
