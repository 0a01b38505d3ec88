import {
  add,
  div,
  equal,
  exp,
  less,
  log,
  max,
  mul,
  softmax,
  sub,
  sum,
  tidy,
  where,
  zerosLike,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkClassTensor, withGradient } from '@kd/core';
import { temperature as temperatureOption } from './temperature.js';
import type { Temperature } from './temperature.js';

function atTemperature(where: string, logits: Tensor, temperature: Temperature): Tensor {
  checkClassTensor(where, 'logits', logits, 1);
  temperatureOption.read({ where, argument: 'temperature' }, temperature);
  // A deployed student mostly runs at T = 1, where dividing would waste a kernel.
  return temperature === 1 ? logits : div(logits, temperature);
}

/**
 * Class probabilities at a temperature: `p_i = exp(z_i / T) / sum_j exp(z_j / T)`.
 *
 * A higher T gives a softer distribution; T = 1 is the plain softmax (Hinton, Vinyals, Dean 2015, eq. 1).
 *
 * @param logits float32 `[B, ..., N]`, any finite values
 * @param temperature number from 2^-63 to 2^63, or a scalar tensor of one
 * @returns float32 `[B, ..., N]`, with rows that sum to one
 * @throws `KD_OPTION_RANGE` for a temperature that is not > 0, `KD_OPTION_TYPE` for one that is not a number;
 *   `KD_TENSOR_TYPE`, `KD_TENSOR_DTYPE`, `KD_TENSOR_SHAPE`, `KD_BATCH_EMPTY` for invalid logits
 *
 * @example
 * ```ts
 * import { softmaxAtTemperature } from '@kd/temperature';
 * import { tensor2d } from '@tensorflow/tfjs-core';
 * const p = softmaxAtTemperature(tensor2d([[4, 2, 0]]), 2);
 * console.log(Array.from(await p.data(), (x) => x.toFixed(3)).join(' '));
 * // 0.665 0.245 0.090
 * ```
 */
export function softmaxAtTemperature(logits: Tensor, temperature: Temperature): Tensor {
  return tidy(() => softmax(atTemperature('softmaxAtTemperature', logits, temperature)));
}

/**
 * Logarithms of the class probabilities at a temperature: `log p_i = z_i / T - log sum_j exp(z_j / T)`.
 *
 * Finite for all finite logits, unlike `log(softmax(z / T))`: use this function inside losses.
 *
 * @param logits float32 `[B, ..., N]`, any finite values
 * @param temperature number from 2^-63 to 2^63, or a scalar tensor of one
 * @returns float32 `[B, ..., N]`, all <= 0
 * @throws `KD_OPTION_RANGE` for a temperature that is not > 0, `KD_OPTION_TYPE` for one that is not a number;
 *   `KD_TENSOR_TYPE`, `KD_TENSOR_DTYPE`, `KD_TENSOR_SHAPE`, `KD_BATCH_EMPTY` for invalid logits
 *
 * @example
 * ```ts
 * import { logSoftmaxAtTemperature } from '@kd/temperature';
 * import { tensor2d } from '@tensorflow/tfjs-core';
 * const logP = logSoftmaxAtTemperature(tensor2d([[2000, 0]]), 2);
 * console.log(Array.from(await logP.data()).join(' '));
 * // 0 -1000
 * ```
 */
export function logSoftmaxAtTemperature(logits: Tensor, temperature: Temperature): Tensor {
  return tidy(() => exactLogSoftmax(atTemperature('logSoftmaxAtTemperature', logits, temperature)));
}

// The wasm backend computes log1p(s) as log(1 + s). With u = 1 + s rounded, log(u) * s / (u - 1) is correct
// to the last digit on every backend (Kahan's identity; Higham 2002, section 1.14.1).
function logOnePlus(s: Tensor): Tensor {
  const u = add(s, 1);
  return where(equal(u, 1), s, mul(log(u), div(s, sub(u, 1))));
}

const exactLogSoftmax = (x: Tensor): Tensor =>
  withGradient(x, (logits) => {
    const shifted = sub(logits, max(logits, -1, true));
    const others = less(shifted, 0);
    // log(1 + s), with s from the classes below the largest, keeps seven digits where log(sum) has lost all:
    // for a class at p = 0.99995 the plain form loses 0.2 % of -log p. Every further class equal to the
    // largest counts as one.
    const below = sum(where(others, exp(shifted), zerosLike(shifted)), -1, true);
    const tied = sub((logits.shape.at(-1) ?? 1) - 1, sum(mul(others, 1), -1, true));
    const value = sub(shifted, logOnePlus(add(below, tied)));
    return { value, saved: [value], gradient: (dy, logP) => sub(dy, mul(sum(dy, -1, true), exp(logP))) };
  });
