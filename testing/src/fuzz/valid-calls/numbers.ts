// Schedules, optimizers, temperatures and offsets of biases.
import type * as bias from '@kd/bias-correction';
import type * as optimizing from '@kd/optimizers';
import type * as schedules from '@kd/schedule';
import type * as temperatures from '@kd/temperature';
import type * as temperatureLayers from '@kd/temperature/layer';
import type { Schedule } from '@kd/core';
import { scalar, square, tidy, variable } from '@tensorflow/tfjs-core';
import type { Optimizer } from '@tensorflow/tfjs-core';
import type { ValidCallsOf } from '../valid-call.js';
import { labels, net, scores, time } from './values.js';

const call = (schedule: Schedule): number => schedule(time);
const everyStep = { learningRate: 0.1, weightDecay: 0.1, clipNorm: 1, maxNorm: 2 };
const moments = { ...everyStep, beta1: 0.9, beta2: 0.99, epsilon: 1e-7 };
const step = (optimizer: Optimizer): void => {
  const start = scalar(1);
  const x = variable(start);
  try {
    // Without a tidy, tfjs's minimize leaves its gradients behind if the step throws.
    tidy(() => {
      optimizer.minimize(() => square(x), false, [x]);
    });
  } finally {
    for (const one of [start, x, optimizer]) one.dispose();
  }
};

export const schedule: ValidCallsOf<typeof schedules> = {
  constant: { args: () => [1], use: call },
  cosine: { args: () => [{ from: 1, to: 0, steps: 10 }], use: call },
  exponentialDecay: { args: () => [{ from: 1, factor: 0.5, steps: 10 }], use: call },
  linear: { args: () => [{ from: 1, to: 0, epochs: 10 }], use: call },
  piecewise: { args: () => [{ from: 1, at: [{ step: 2, value: 1 }] }], use: call },
  stepDecay: { args: () => [{ from: 1, factor: 0.5, steps: 10 }], use: call },
  warmUp: { args: () => [{ from: 0, then: 1, steps: 10 }], use: call },
};

export const optimizers: ValidCallsOf<typeof optimizing> = {
  adam: { args: () => [moments], use: step },
  adamW: { args: () => [moments], use: step },
  rmsprop: {
    args: () => [{ ...everyStep, alpha: 0.9, epsilon: 1e-7, momentum: 0.9, centered: true }],
    use: step,
  },
  sgd: { args: () => [{ ...everyStep, momentum: 0.9, dampening: 0, nesterov: true }], use: step },
};

export const temperature: ValidCallsOf<typeof temperatures> = {
  calibrateTemperature: () => [
    { values: Float32Array.of(1, 0, 0, 1, 0, 1), shape: [3, 2] },
    Int32Array.of(0, 1, 0),
  ],
  calibrationBins: () => [scores(), labels(), { bins: 5 }],
  expectedCalibrationError: () => [scores(), labels(), { bins: 5 }],
  logSoftmaxAtTemperature: () => [scores(), 2],
  softmaxAtTemperature: () => [scores(), 2],
};

export const temperatureLayer: ValidCallsOf<typeof temperatureLayers> = {
  temperatureLayer: () => [{ temperature: 2, name: 'mine' }],
};

export const biasCorrection: ValidCallsOf<typeof bias> = {
  applyBiasOffsets: () => [net(), { offsets: [0, 1] }],
  biasWithOffsets: () => [net(), { offsets: [0, 1] }],
  fitBiasOffsets: () => [scores(), scores(), { classes: [1] }],
};
