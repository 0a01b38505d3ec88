import { backends, expectClose, useBackend } from '@kd/testing';
import { grad, sum, tensor1d, tensor2d, train } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as data from '@tensorflow/tfjs-data';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import type { Sequential } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { goldenCases } from '../test/golden.js';
import { distillationLoss } from './distillation-loss.js';
import { forCompile, packedDistillationLoss, packTargets } from './for-compile.js';
import type { CompileLoss } from './for-compile.js';
import { hardTargetLossFromDistributions } from './hard-target-loss.js';
import { logitMatchingLoss } from './logit-matching-loss.js';
import { softTargetLoss } from './soft-target-loss.js';

const kernel = [[0.5, -0.25, 0], [1, 0.75, -0.5]]; // prettier-ignore
const bias = [0.125, 0, -0.125];
const inputs = [[1, 2], [-1, 0.5], [3, -2]]; // prettier-ignore
const teacher = [[1, 2, 3], [4, 0, -1], [0, 0, 2]]; // prettier-ignore
const labels = [2, 0, 1];
const learningRate = 0.1;

function compiled(loss: CompileLoss): Sequential {
  const student = sequential({ layers: [layers.dense({ units: 3, inputShape: [2] })] });
  student.setWeights([tensor2d(kernel), tensor1d(bias)]);
  student.compile({ optimizer: train.sgd(learningRate), loss });
  return student;
}

const logitsOf = inputs.map(([a = 0, b = 0]) =>
  bias.map((offset, k) => a * (kernel[0]?.[k] ?? 0) + b * (kernel[1]?.[k] ?? 0) + offset),
);

/**
 * The weights after one step of SGD on the mean of a loss, computed from the gradient with respect to the
 * logits.
 */
async function stepped(loss: (logits: Tensor) => Tensor): Promise<{ kernel: number[][]; bias: number[] }> {
  const g = await grad((z: Tensor) => sum(loss(z)))(tensor2d(logitsOf)).array();
  const dz = (g as number[][]).map((row) => row.map((x) => x / inputs.length));
  const total = (factor: (row: number) => number, k: number): number =>
    dz.reduce((partial, row, index) => partial + factor(index) * (row[k] ?? 0), 0);
  return {
    kernel: kernel.map((row, i) =>
      row.map((w, k) => w - learningRate * total((index) => inputs[index]?.[i] ?? 0, k)),
    ),
    bias: bias.map((b, k) => b - learningRate * total(() => 1, k)),
  };
}

async function expectStepped(student: Sequential, loss: (logits: Tensor) => Tensor): Promise<void> {
  const expected = await stepped(loss);
  const [newKernel, newBias] = student.getWeights();
  const tolerance = { relative: 1e-5, absolute: 1e-6 };
  expectClose((await newKernel?.data()) ?? [], expected.kernel, tolerance);
  expectClose((await newBias?.data()) ?? [], expected.bias, tolerance);
}

const once = { epochs: 1, batchSize: 3, shuffle: false, verbose: 0 } as const;
const options = { temperature: 4, softWeight: 0.75, labelSmoothing: 0.1 };

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it('fit takes one step on softTargetLoss as computed by hand, and then many', async () => {
    const student = compiled(forCompile(softTargetLoss, { temperature: 4 }));
    const [x, y] = [tensor2d(inputs), tensor2d(teacher)];
    await student.fit(x, y, once);
    await expectStepped(student, (z) => softTargetLoss(y, z, { temperature: 4 }));
    const { history } = await student.fit(x, y, { ...once, epochs: 30 });
    const losses = history['loss'] as number[];
    expect(losses.at(-1)).toBeLessThan((losses[0] ?? NaN) / 2);
  });

  it('reports the mean over the batch', async () => {
    const student = compiled(forCompile(logitMatchingLoss, {}));
    const [x, y] = [tensor2d(inputs), tensor2d(teacher)];
    const reported = student.evaluate(x, y) as Tensor;
    const rows = await logitMatchingLoss(y, tensor2d(logitsOf)).data();
    expectClose(await reported.data(), Array.from(rows).reduce((a, b) => a + b) / 3, {
      relative: 1e-6,
      absolute: 0,
    });
  });

  it('fit takes one step on hard labels', async () => {
    const y = tensor2d([[0, 0, 1], [1, 0, 0], [0, 1, 0]]); // prettier-ignore
    const student = compiled(forCompile(hardTargetLossFromDistributions, { labelSmoothing: 0.1 }));
    await student.fit(tensor2d(inputs), y, once);
    await expectStepped(student, (z) => hardTargetLossFromDistributions(y, z, { labelSmoothing: 0.1 }));
  });

  it('fitDataset takes one step on soft and hard targets together', async () => {
    const student = compiled(packedDistillationLoss(options));
    const teacherLogits = tensor2d(teacher);
    const packed = packTargets(teacherLogits, tensor1d(labels, 'int32'));
    expect(packed.shape).toEqual([3, 4]);
    const batches = data.array([{ xs: tensor2d(inputs), ys: packed }]);
    await student.fitDataset(batches, { epochs: 1 });
    const targets = { teacherLogits, labels: tensor1d(labels, 'int32') };
    await expectStepped(student, (z) => distillationLoss(targets, z, options));
    // As the documentation says, fit refuses targets that are wider than the output.
    await expect(student.fit(tensor2d(inputs), packed, once)).rejects.toThrow('each example has shape [3]');
  });

  it('packed targets give the loss of their parts, also with float32 ids', async () => {
    for (const { inputs: golden } of goldenCases<unknown>('kd')) {
      const ids = golden.student.map((_, index) => index % 2);
      const [v, z] = [tensor2d(golden.teacher), tensor2d(golden.student)];
      const expected = distillationLoss({ teacherLogits: v, labels: tensor1d(ids, 'int32') }, z, options);
      const packed = packedDistillationLoss(options)(packTargets(v, tensor1d(ids)), z);
      expectClose(await packed.data(), await expected.array(), { relative: 1e-7, absolute: 0 });
    }
  });
});
