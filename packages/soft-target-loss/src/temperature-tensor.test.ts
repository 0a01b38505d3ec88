import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { backends, expectClose, expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { scalar, sum, tensor1d, tensor2d, valueAndGrad } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, it } from 'vitest';
import {
  arithmeticMean,
  distillationLoss,
  geometricMean,
  jensenShannonLoss,
  reverseSoftTargetLoss,
  sigmoidSoftTargetLoss,
  skewReverseSoftTargetLoss,
  skewSoftTargetLoss,
  softTargetCrossEntropy,
  softTargetLoss,
  softTargetLossFromLogTargets,
} from './index.js';

type Loss = (teacher: Tensor, student: Tensor, temperature: number | Tensor, scaled: boolean) => Tensor;
const options = (temperature: number | Tensor, scaleByTemperatureSquared: boolean) => ({
  temperature,
  scaleByTemperatureSquared,
});
const losses: Readonly<Record<string, Loss>> = {
  softTargetLoss: (v, z, T, scaled) => softTargetLoss(v, z, options(T, scaled)),
  softTargetLossFromLogTargets: (v, z, T, scaled) =>
    softTargetLossFromLogTargets(arithmeticMean([v], { temperature: T }), z, options(T, scaled)),
  softTargetCrossEntropy: (v, z, T, scaled) => softTargetCrossEntropy(v, z, options(T, scaled)),
  reverseSoftTargetLoss: (v, z, T, scaled) => reverseSoftTargetLoss(v, z, options(T, scaled)),
  jensenShannonLoss: (v, z, T, scaled) => jensenShannonLoss(v, z, options(T, scaled)),
  skewSoftTargetLoss: (v, z, T, scaled) => skewSoftTargetLoss(v, z, options(T, scaled)),
  skewReverseSoftTargetLoss: (v, z, T, scaled) => skewReverseSoftTargetLoss(v, z, options(T, scaled)),
  sigmoidSoftTargetLoss: (v, z, T, scaled) => sigmoidSoftTargetLoss(v, z, options(T, scaled)),
  'softTargetLoss of a geometric mean': (v, z, T, scaled) =>
    softTargetLossFromLogTargets(geometricMean([v, z], { temperature: T }), z, options(T, scaled)),
  distillationLoss: (v, z, T, scaled) =>
    distillationLoss({ teacherLogits: v, labels: tensor1d([1, 0], 'int32') }, z, {
      ...options(T, scaled),
      softWeight: 0.75,
    }),
};
const v = () => tensor2d([[1, 2, 3], [0.5, -1, 2]]); // prettier-ignore
const z = () => tensor2d([[3, 1, 0.5], [1, -2, 2.5]]); // prettier-ignore

describe.each(backends)('a temperature in a tensor, on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(Object.entries(losses))('gives the same as the number: %s', async (_, loss) => {
    for (const scaled of [true, false]) {
      // Not a float32 number: its square differs in the last digit.
      for (const T of [4, 3.3]) {
        const at = (temperature: number | Tensor) =>
          valueAndGrad((x: Tensor) => sum(loss(v(), x, temperature, scaled)))(z());
        const [given, expected] = [at(scalar(T)), at(T)];
        const tolerance = { relative: 2e-6, absolute: 1e-7 };
        expectClose(await given.value.data(), await expected.value.array(), tolerance);
        expectClose(await given.grad.data(), await expected.grad.array(), tolerance);
      }
    }
  });

  // The others make tensors of their own above, in this test.
  const ofArguments = [
    'softTargetLoss',
    'reverseSoftTargetLoss',
    'jensenShannonLoss',
    'skewSoftTargetLoss',
    'skewReverseSoftTargetLoss',
    'sigmoidSoftTargetLoss',
  ];
  it.each(ofArguments)('leaks nothing: %s', async (name) => {
    await expectNoLeak(() => {
      const tensors = [v(), z(), scalar(4)] as const;
      losses[name]?.(...tensors, true).dispose();
      for (const tensor of tensors) tensor.dispose();
    });
  });
});

describe('a temperature in a tensor', () => {
  beforeAll(() => useBackend('cpu'));

  it.each<[name: string, value: () => Tensor]>([
    ['a vector', () => tensor1d([4])],
    ['whole numbers', () => scalar(4, 'int32')],
  ])('is refused as %s', async (_, value) => {
    const body = () => softTargetLoss(v(), z(), { temperature: value() });
    await expectKdError(body, 'KD_OPTION_TYPE', 'options.temperature', 'a float32 scalar tensor');
  });
});
