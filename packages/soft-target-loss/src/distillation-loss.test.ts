import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { backends, expectClose, useBackend, valueAndGradient } from '@kd/testing';
import { add, mul, tensor1d, tensor2d, tensor3d } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { goldenCases } from '../test/golden.js';
import type { Numbers, Reduction } from '../test/golden.js';
import { distillationLoss } from './distillation-loss.js';
import type { DistillationOptions } from './distillation-loss.js';
import { hardTargetLoss } from './hard-target-loss.js';
import { softTargetLoss } from './soft-target-loss.js';

interface Params {
  readonly temperature: number;
  /** Weight of the hard part. */
  readonly alpha: number;
  /** Weight of the soft part, 1 - alpha if absent. */
  readonly beta?: number;
  readonly reduction?: Reduction;
  readonly label_smoothing?: number;
}
interface Inputs {
  readonly student: Numbers;
  readonly teacher: Numbers;
  readonly labels: number[];
}

function lossOf(params: Params, { teacher, labels }: Inputs, student: Tensor): Tensor {
  const { temperature, alpha, beta, label_smoothing: labelSmoothing = 0 } = params;
  const targets = { teacherLogits: tensor2d(teacher), labels: tensor1d(labels, 'int32') };
  if (beta === undefined)
    return distillationLoss(targets, student, { temperature, softWeight: 1 - alpha, labelSmoothing });
  return add(
    mul(softTargetLoss(targets.teacherLogits, student, { temperature }), beta),
    mul(hardTargetLoss(targets.labels, student, { labelSmoothing }), alpha),
  );
}

const teacherLogits = () => tensor2d([[1, 2, 3], [0, 4, -1]]); // prettier-ignore
const student = [[3, 1, 0.5], [1, 1, 0]]; // prettier-ignore
const labels = () => tensor1d([2, 1], 'int32');
const withOptions = (options: DistillationOptions) => (x: Tensor) =>
  distillationLoss({ teacherLogits: teacherLogits(), labels: labels() }, x, options);

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(goldenCases<Params, Inputs>('kd_alpha'))('agrees with torchdistill: $name', async (golden) => {
    const { params, inputs, expected } = golden;
    const { value, gradient } = await valueAndGradient(
      (x) => lossOf(params, inputs, x),
      inputs.student,
      params.reduction === 'sum' ? 1 : inputs.student.length,
    );
    // At α = 0 torchdistill drops T²; this package never does.
    const lacking = params.alpha === 0 ? params.temperature ** 2 : 1;
    expectClose(value, lacking * expected.loss, { relative: 2e-6, absolute: 0 });
    expectClose(
      gradient,
      expected.gradStudent.map((row) => row.map((x) => lacking * x)),
      { relative: 1e-5, absolute: 1e-7 },
    );
  });

  it.each([
    [1, (x: Tensor) => softTargetLoss(teacherLogits(), x, { temperature: 4 })],
    [0, (x: Tensor) => hardTargetLoss(labels(), x)],
  ])('with softWeight %d is that part alone', async (softWeight, part) => {
    const whole = await valueAndGradient(withOptions({ temperature: 4, softWeight }), student, 1);
    const alone = await valueAndGradient(part, student, 1);
    expectClose(whole.value, alone.value, { relative: 1e-7, absolute: 0 });
    expectClose(whole.gradient, alone.gradient, { relative: 1e-7, absolute: 0 });
  });

  it('passes smoothing to the hard part and the choice of T² to the soft one', async () => {
    const options = { temperature: 4, labelSmoothing: 0.2, scaleByTemperatureSquared: false };
    const { value } = await valueAndGradient(withOptions({ ...options, softWeight: 0.25 }), student, 1);
    const soft = await valueAndGradient(withOptions({ ...options, softWeight: 1 }), student, 1);
    const hard = await valueAndGradient(withOptions({ ...options, softWeight: 0 }), student, 1);
    expectClose(value, 0.25 * soft.value + 0.75 * hard.value, { relative: 1e-6, absolute: 0 });
    const scaled = await valueAndGradient(withOptions({ temperature: 4, softWeight: 1 }), student, 1);
    expectClose(soft.value, scaled.value / 16, { relative: 1e-6, absolute: 0 });
    const smoothed = await valueAndGradient(
      (x) => hardTargetLoss(labels(), x, { labelSmoothing: 0.2 }),
      student,
      1,
    );
    expectClose(hard.value, smoothed.value, { relative: 1e-7, absolute: 0 });
  });

  it('has one value per position of a sequence', () => {
    const v = tensor3d([[[1, 2], [3, 4]]]); // prettier-ignore
    const y = tensor2d([[0, 1]], [1, 2], 'int32');
    const loss = distillationLoss({ teacherLogits: v, labels: y }, v, { temperature: 1, softWeight: 0.5 });
    expect(loss.shape).toEqual([1, 2]);
  });
});
