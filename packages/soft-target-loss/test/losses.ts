import {
  add,
  div,
  exp,
  log,
  logSoftmax,
  mean,
  mul,
  neg,
  sigmoid,
  softmax,
  softplus,
  square,
  sub,
  sum,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { softTargetLossFromProbabilities } from '../src/from-probabilities.js';
import { jensenShannonLoss } from '../src/jensen-shannon-loss.js';
import { logitMatchingLoss } from '../src/logit-matching-loss.js';
import { reverseSoftTargetLoss } from '../src/reverse-soft-target-loss.js';
import { sigmoidSoftTargetCrossEntropy, sigmoidSoftTargetLoss } from '../src/sigmoid-soft-target-loss.js';
import { skewReverseSoftTargetLoss } from '../src/skew-reverse-soft-target-loss.js';
import { skewSoftTargetLoss } from '../src/skew-soft-target-loss.js';
import {
  softTargetCrossEntropy,
  softTargetLoss,
  softTargetLossFromLogTargets,
} from '../src/soft-target-loss.js';
import * as float64 from './float64.js';
import type { Row } from './float64.js';

/** A loss between the logits of teacher and student, with two independent definitions. */
export interface LossOfLogits {
  readonly name: string;
  readonly loss: (teacher: Tensor, student: Tensor, T: number) => Tensor;
  /** Its definition in stock operations, which tfjs differentiates. */
  readonly plain: (teacher: Tensor, student: Tensor, T: number) => Tensor;
  /** Its definition in float64, for one row. */
  readonly float64: (v: Row, z: Row, T: number) => number;
  /** Whether it is zero for equal logits. */
  readonly zeroAtEquality: boolean;
  /** Whether adding a constant to a row of logits changes nothing. */
  readonly blindToShift: boolean;
  /** Whether it sees logits rather than probabilities, which have lost the tail. */
  readonly seesTail: boolean;
}

const squared = (T: number, values: Tensor): Tensor => mul(sum(values, -1), T * T);
const logP = (logits: Tensor, T: number): Tensor => logSoftmax(div(logits, T));
const divergence = (a: Tensor, b: Tensor): Tensor => mul(exp(a), sub(a, b));

function plainJensenShannon(v: Tensor, z: Tensor, T: number, beta: number): Tensor {
  const [p, q] = [softmax(div(v, T)), softmax(div(z, T))];
  const m = add(mul(p, beta), mul(q, 1 - beta));
  const side = (a: Tensor): Tensor => mul(a, sub(log(a), log(m)));
  return squared(T, add(mul(side(p), beta), mul(side(q), 1 - beta)));
}

/** `T² KL(a || share a + (1 - share) b)`. */
function plainSkew(a: Tensor, b: Tensor, T: number, share: number): Tensor {
  const [p, q] = [softmax(div(a, T)), softmax(div(b, T))];
  return squared(T, mul(p, sub(log(p), log(add(mul(p, share), mul(q, 1 - share))))));
}

// tfjs's own logSigmoid cannot be differentiated at an intermediate value, because it does not keep it.
const logSigmoid = (x: Tensor): Tensor => neg(softplus(neg(x)));

function plainSigmoidCrossEntropy(v: Tensor, z: Tensor, T: number): Tensor {
  const [p, x] = [sigmoid(div(v, T)), div(z, T)];
  return squared(T, neg(add(mul(p, logSigmoid(x)), mul(sub(1, p), logSigmoid(neg(x))))));
}

const plainSoft = (v: Tensor, z: Tensor, T: number): Tensor => squared(T, divergence(logP(v, T), logP(z, T)));
const centred = (x: Tensor): Tensor => sub(x, mean(x, -1, true));
const usual = { zeroAtEquality: true, blindToShift: true, seesTail: true };

/** All losses between two tensors of logits. */
export const losses: readonly LossOfLogits[] = [
  {
    ...usual,
    name: 'softTargetLoss',
    loss: (v, z, T) => softTargetLoss(v, z, { temperature: T }),
    plain: plainSoft,
    float64: float64.softTarget,
  },
  {
    ...usual,
    name: 'softTargetLossFromLogTargets',
    loss: (v, z, T) => softTargetLossFromLogTargets(logP(v, T), z, { temperature: T }),
    plain: plainSoft,
    float64: float64.softTarget,
  },
  {
    ...usual,
    name: 'softTargetLossFromProbabilities',
    loss: (v, z, T) => softTargetLossFromProbabilities(softmax(v), softmax(z), { temperature: T }),
    plain: plainSoft,
    float64: float64.softTarget,
    seesTail: false,
  },
  {
    ...usual,
    name: 'softTargetCrossEntropy',
    loss: (v, z, T) => softTargetCrossEntropy(v, z, { temperature: T }),
    plain: (v, z, T) => squared(T, neg(mul(softmax(div(v, T)), logP(z, T)))),
    float64: float64.crossEntropy,
    zeroAtEquality: false,
  },
  {
    ...usual,
    name: 'reverseSoftTargetLoss',
    loss: (v, z, T) => reverseSoftTargetLoss(v, z, { temperature: T }),
    plain: (v, z, T) => squared(T, divergence(logP(z, T), logP(v, T))),
    float64: float64.reverse,
  },
  ...[0.5, 0.1].map((beta) => ({
    ...usual,
    name: `jensenShannonLoss, β = ${String(beta)}`,
    loss: (v: Tensor, z: Tensor, T: number) => jensenShannonLoss(v, z, { temperature: T, beta }),
    plain: (v: Tensor, z: Tensor, T: number) => plainJensenShannon(v, z, T, beta),
    float64: (v: Row, z: Row, T: number) => float64.jensenShannon(v, z, T, beta),
  })),
  ...[0.1, 0.6].flatMap((alpha) => [
    {
      ...usual,
      name: `skewSoftTargetLoss, α = ${String(alpha)}`,
      loss: (v: Tensor, z: Tensor, T: number) => skewSoftTargetLoss(v, z, { temperature: T, alpha }),
      plain: (v: Tensor, z: Tensor, T: number) => plainSkew(v, z, T, alpha),
      float64: (v: Row, z: Row, T: number) => float64.skew(v, z, T, alpha),
    },
    {
      ...usual,
      name: `skewReverseSoftTargetLoss, α = ${String(alpha)}`,
      loss: (v: Tensor, z: Tensor, T: number) => skewReverseSoftTargetLoss(v, z, { temperature: T, alpha }),
      plain: (v: Tensor, z: Tensor, T: number) => plainSkew(z, v, T, alpha),
      float64: (v: Row, z: Row, T: number) => float64.skewReverse(v, z, T, alpha),
    },
  ]),
  {
    ...usual,
    name: 'logitMatchingLoss',
    loss: (v, z) => logitMatchingLoss(v, z),
    plain: (v, z) => div(mean(square(sub(centred(z), centred(v))), -1), 2),
    float64: float64.logitMatching,
  },
  {
    ...usual,
    name: 'sigmoidSoftTargetLoss',
    loss: (v, z, T) => sigmoidSoftTargetLoss(v, z, { temperature: T }),
    plain: (v, z, T) => sub(plainSigmoidCrossEntropy(v, z, T), plainSigmoidCrossEntropy(v, v, T)),
    float64: float64.sigmoid,
    blindToShift: false,
  },
  {
    ...usual,
    name: 'sigmoidSoftTargetCrossEntropy',
    loss: (v, z, T) => sigmoidSoftTargetCrossEntropy(v, z, { temperature: T }),
    plain: plainSigmoidCrossEntropy,
    float64: float64.sigmoidCrossEntropy,
    zeroAtEquality: false,
    blindToShift: false,
  },
];
