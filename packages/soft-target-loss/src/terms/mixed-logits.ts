import { mul } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Member } from '@kd/core';
import type { Temperature } from '@kd/temperature';
import type { MixTargets } from '../mix-targets.js';

/** Logits whose softmax at `temperature` is the mixture of the members of a teacher. */
export function mixedLogits(members: readonly Member[], mix: MixTargets, temperature: Temperature): Tensor {
  const [first] = members as [Member];
  if (members.length === 1) return first.output;
  const weights = members.map(({ weight }) => weight);
  return mul(mix(members.map(({ output }) => output), { temperature, weights }), temperature); // prettier-ignore
}
