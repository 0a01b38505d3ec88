// The kernels that @kd/backend registers for whole losses, compared with the composed form on cpu.
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { registerTrainingKernels } from '@kd/backend';
import { expectClose, expectNoLeak } from '@kd/testing';
import { hasTensorflow } from '@kd/testing/tensorflow';
import {
  dispose,
  mul,
  profile,
  setBackend,
  sum,
  tensor,
  tensor1d,
  valueAndGrad,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { distillationLoss, hardTargetLoss, softTargetLoss } from './index.js';

const isInstalled = await hasTensorflow();

const numbers = (count: number, scale: number, seed: number): number[] =>
  Array.from({ length: count }, (_, i) => scale * Math.sin(seed + 7 * i ** 1.5));

interface Rows {
  readonly shape: readonly number[];
  readonly teacher: readonly number[];
  readonly student: readonly number[];
  readonly labels: readonly number[];
}
const random = (shape: readonly number[], scale: number): Rows => {
  const count = shape.reduce((a, b) => a * b, 1);
  const classes = shape.at(-1) ?? 1;
  return {
    shape,
    teacher: numbers(count, scale, 1),
    student: numbers(count, scale, 2),
    labels: Array.from({ length: count / classes }, (_, row) => (5 * row) % classes),
  };
};
const near = random([4, 5], 2);
const rows: Record<string, Rows> = {
  'logits of usual size': random([8, 10], 3),
  'two classes': random([3, 2], 1),
  'rows of rows': random([2, 3, 4], 2),
  'large logits': random([4, 6], 300),
  'nearly equal distributions': { ...near, student: near.teacher.map((v, i) => v + 1e-3 * Math.sin(i)) },
  'a class that is nearly sure': {
    shape: [2, 3],
    teacher: [20, 0, -3, 0, 0, 0],
    student: [12, 0, 0, 0, 30, 30],
    labels: [0, 1],
  },
  'a teacher that rules classes out': {
    shape: [2, 3],
    teacher: [0, -Infinity, 1, -1e30, 2, 0],
    student: [1, 2, 3, 3, 2, 1],
    labels: [2, 1],
  },
  'a teacher and a student with NaN': {
    shape: [4, 3],
    teacher: [NaN, 0, 1, 0, 1, NaN, 1, 2, 3, 1, 2, 3],
    student: [1, 2, 3, 1, 2, 3, 1, NaN, 3, 3, 2, 1],
    labels: [0, 1, 2, 0],
  },
  'a label that names no class': { ...random([3, 4], 1), labels: [0, 4, -1] },
  'a label that is not whole': { ...random([2, 4], 1), labels: [0.5, 3] },
};

type Loss = (targets: { readonly teacherLogits: Tensor; readonly labels: Tensor }, student: Tensor) => Tensor;
const losses: Record<string, Loss> = {
  softTargetLoss: ({ teacherLogits }, z) => softTargetLoss(teacherLogits, z, { temperature: 4 }),
  'softTargetLoss without T²': ({ teacherLogits }, z) =>
    softTargetLoss(teacherLogits, z, { temperature: 2.5, scaleByTemperatureSquared: false }),
  hardTargetLoss: ({ labels }, z) => hardTargetLoss(labels, z),
  'hardTargetLoss with smoothing': ({ labels }, z) => hardTargetLoss(labels, z, { labelSmoothing: 0.2 }),
  distillationLoss: (targets, z) =>
    distillationLoss(targets, z, { temperature: 3, softWeight: 0.7, labelSmoothing: 0.1 }),
};

async function valuesOn(backend: string, loss: Loss, { shape, ...given }: Rows): Promise<number[][]> {
  await setBackend(backend);
  const targets = {
    teacherLogits: tensor([...given.teacher], [...shape]),
    labels: tensor([...given.labels], shape.slice(0, -1), 'float32'),
  };
  const weights = numbers(given.labels.length, 1, 3);
  const values = loss(targets, tensor([...given.student], [...shape]));
  // A gradient that differs from row to row.
  const { grad } = valueAndGrad((z: Tensor) => sum(mul(loss(targets, z), tensor(weights, values.shape))))(
    tensor([...given.student], [...shape]),
  );
  return Promise.all([values, grad].map(async (each) => Array.from(await each.data())));
}

const runs = Object.entries(losses).flatMap(([name, loss]) =>
  Object.entries(rows).map(([what, given]) => [name, what, loss, given] as const),
);
describe.each([
  ['wasm', true],
  ['tensorflow', isInstalled],
] as const)('on %s', (backend, isThere) => {
  describe.skipIf(!isThere)('fused', () => {
    beforeAll(() => {
      registerTrainingKernels();
    });

    it.each(runs)('%s of %s equals the composed loss', async (_, __, loss, given) => {
      const expected = await valuesOn('cpu', loss, given);
      const received = await valuesOn(backend, loss, given);
      expected.forEach((values, index) => {
        expect(received[index]?.map(Number.isNaN)).toEqual(values.map(Number.isNaN));
        const [known, own] = [values, received[index] ?? []].map((each) =>
          each.map((x) => (Number.isNaN(x) ? 0 : x)),
        ) as [number[], number[]];
        expectClose(own, known, { relative: 3e-6, absolute: 3e-7 });
      });
    });

    it('a loss is one kernel, its gradient two more', async () => {
      await setBackend(backend);
      const { shape, teacher, student, labels } = random([2, 3], 1);
      const [v, z] = [tensor([...teacher], [...shape]), tensor([...student], [...shape])];
      const y = tensor1d([...labels], 'int32');
      // The profiler reports an empty name for a custom gradient.
      const namesOf = async (body: () => Tensor): Promise<string[]> =>
        (await profile(body)).kernelNames.filter((name) => name !== '');
      const both = { teacherLogits: v, labels: y };
      expect(await namesOf(() => softTargetLoss(v, z, { temperature: 4 }))).toEqual(['SoftTargetLoss']);
      expect(await namesOf(() => hardTargetLoss(y, z))).toEqual(['HardTargetLoss']);
      const options = { temperature: 4, softWeight: 0.9 };
      expect(await namesOf(() => distillationLoss(both, z, options))).toEqual(['DistillationLoss']);
      const plain = await gradientKernels((x) => hardTargetLoss(y, x), z);
      // The number of kernels that soft targets add to a step: none.
      expect((await gradientKernels((x) => distillationLoss(both, x, options), z)).length).toBe(plain.length);
      expect(plain.filter((name) => name === 'HardTargetLoss' || name === 'Multiply')).toHaveLength(2);
    });

    it('leaks nothing', async () => {
      await setBackend(backend);
      const { shape, teacher, student, labels } = random([2, 3], 1);
      const targets = { teacherLogits: tensor([...teacher], [...shape]), labels: tensor1d([...labels]) };
      const z = tensor([...student], [...shape]);
      await expectNoLeak(() => {
        const loss = (x: Tensor): Tensor => sum(distillationLoss(targets, x, { temperature: 2, softWeight: 0.5 })); // prettier-ignore
        dispose(Object.values(valueAndGrad(loss)(z)));
      });
    });
  });
});

async function gradientKernels(loss: (z: Tensor) => Tensor, z: Tensor): Promise<string[]> {
  const { kernelNames } = await profile(() => valueAndGrad((x: Tensor) => sum(loss(x)))(z));
  return kernelNames;
}
