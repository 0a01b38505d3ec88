import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { backends, expectClose, numericGradient, useBackend } from '@kd/testing';
import {
  add,
  avgPool,
  gather,
  grad,
  grads,
  mul,
  sum,
  tensor1d,
  tensor4d,
  variable,
  variableGrads,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { features } from '../test/features.js';
import * as float64 from '../test/float64.js';
import { valueAndGradient } from '../test/value-and-gradient.js';
import { attentionTransferLoss } from './attention-transfer-loss.js';
import { euclideanDistance } from './euclidean-distance.js';
import { meanSquaredDifference } from './mean-squared-difference.js';

const close = { relative: 1e-5, absolute: 0 };
const exact = { relative: 0, absolute: 0 };

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it('pools both sides where each is larger on one axis', async () => {
    const [teacher, student] = [features([2, 6, 2, 3], 1), features([2, 3, 8, 4], 2)];
    const pooled = attentionTransferLoss(
      avgPool(teacher, [2, 1], [2, 1], 'valid'),
      avgPool(student, [1, 4], [1, 4], 'valid'),
    );
    expectClose(await attentionTransferLoss(teacher, student).data(), await pooled.array(), close);
  });

  it('takes the paper’s power and distance if nothing else is said', async () => {
    const [teacher, student] = [features([2, 3, 3, 2], 1), features([2, 3, 3, 4], 2)];
    const spelt = attentionTransferLoss(teacher, student, { power: 2, distance: euclideanDistance });
    expectClose(await attentionTransferLoss(teacher, student).data(), await spelt.array(), exact);
  });

  it('takes a distance of the caller’s own, which tfjs differentiates', async () => {
    const [teacher, student] = [features([2, 3, 3, 2], 1), features([2, 3, 3, 4], 2)];
    const distance = (t: Tensor, s: Tensor): Tensor => sum(mul(t, s), 1);
    const cosine = (x: Tensor): Tensor => attentionTransferLoss(teacher, x, { distance });
    const squared = attentionTransferLoss(teacher, student, { distance: meanSquaredDifference });
    // ||s - t||² = 2 - 2 s·t for vectors of length 1, here of 9 positions.
    const expected = Array.from(await squared.data(), (value) => 1 - (9 / 2) * value);
    expectClose(await cosine(student).data(), expected, close);
    expectClose(await grad(cosine)(student).data(), numericGradient(cosine, student), {
      relative: 2e-3,
      absolute: 1e-3,
    });
  });

  describe.each([euclideanDistance, meanSquaredDifference])('with %o', (distance) => {
    const loss = (teacher: Tensor, student: Tensor, power = 2): Tensor =>
      attentionTransferLoss(teacher, student, { power, distance });

    it.each([1, 1.5, 2, 4])('has the gradient of central differences, power %d', async (power) => {
      const [teacher, student] = [features([2, 2, 3, 2], 1), features([2, 4, 3, 3], 2)];
      const ours = (x: Tensor): Tensor => loss(teacher, x, power);
      expectClose(await grad(ours)(student).data(), numericGradient(ours, student, 3e-3), {
        relative: 5e-3,
        absolute: 2e-3,
      });
    });

    it('takes each example for itself', async () => {
      const [teacher, student] = [features([4, 3, 2, 2], 1), features([4, 3, 4, 5], 2)];
      const values = await loss(teacher, student).data();
      const rows = tensor1d([3, 1], 'int32');
      const subset = await loss(gather(teacher, rows), gather(student, rows)).data();
      expectClose(subset, [values[3], values[1]], { relative: 1e-6, absolute: 0 });
    });

    it('is exactly zero at equality, and so is its gradient', async () => {
      for (const same of [features([2, 3, 4, 2], 1), features([1, 1, 1, 1], 1)]) {
        const { value, gradient } = await valueAndGradient((x) => loss(same, x), same);
        expectClose([value, ...gradient], Array<number>(same.size + 1).fill(0), exact);
      }
    });

    it('has no gradient with respect to the teacher', async () => {
      const [teacher, student] = [features([2, 3, 2, 2], 1), features([2, 3, 4, 5], 2)];
      const each = (t: Tensor, s: Tensor): Tensor => loss(t, s);
      expect(() => grads(each)([teacher, student])).toThrow('Cannot compute gradient');
      const [t, s] = [variable(teacher), variable(student)];
      const { grads: named } = variableGrads(() => sum(loss(t, s)), [t, s]);
      expect(Object.keys(named)).toEqual([s.name]);
      // Where both sides depend on one variable, the gradient is that of the student's side.
      const shift = features([2, 3, 2, 2], 4);
      const shared = grad((x: Tensor) => loss(add(x, shift), x))(teacher);
      const alone = grad((x: Tensor) => loss(add(teacher, shift), x))(teacher);
      expectClose(await shared.data(), await alone.array(), exact);
    });
  });
});

describe('attentionTransferLoss', () => {
  beforeAll(() => useBackend('cpu'));

  const size = fc.integer({ min: 1, max: 5 });
  // Of one sign, so that pooling never cancels to an example without a map.
  const activation = fc.float({ min: 0.125, max: 8, noNaN: true });
  const listOf = <T>(length: number, each: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
    fc.array(each, { minLength: length, maxLength: length });
  const example = fc
    .tuple(size, size, fc.integer({ min: 1, max: 3 }))
    .chain(([height, width, channels]) => listOf(height, listOf(width, listOf(channels, activation))));

  it('agrees with its definition in float64 for any two sizes', async () => {
    await fc.assert(
      fc.asyncProperty(example, example, fc.constantFrom(1, 2, 3, 4), async (t, s, power) => {
        const [value = NaN] = await attentionTransferLoss(tensor4d([t]), tensor4d([s]), { power }).data();
        expectClose(value, float64.attentionTransfer(t, s, power), { relative: 1e-5, absolute: 1e-6 });
      }),
    );
  });
});
