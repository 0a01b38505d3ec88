import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import {
  backends,
  disposedTensor,
  expectClose,
  expectKdError,
  expectNoLeak,
  goldenFile,
  numericGradient,
  useBackend,
  valueAndGradient,
} from '@kd/testing';
import {
  grad,
  mul,
  ones,
  randomNormal,
  slice,
  sum,
  tensor,
  tensor2d,
  tidy,
  valueAndGrad,
  zeros,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { sigmoidHintLoss, tanhHintLoss } from './cross-entropy-hint-loss.js';
import { hintLoss } from './hint-loss.js';
import { cosineHintLoss, normalizedHintLoss } from './normalized-hint-loss.js';

interface GoldenCase {
  readonly name: string;
  readonly shapes: { readonly student: number[]; readonly teacher: number[] };
  readonly inputs: { readonly student: number[]; readonly teacher: number[] };
  readonly expected: { readonly loss: number; readonly gradStudent: unknown };
}
const { cases } = goldenFile('hint-regressor/hint') as { cases: GoldenCase[] };

const losses = { hintLoss, normalizedHintLoss, cosineHintLoss, sigmoidHintLoss, tanhHintLoss };
const named = Object.entries(losses) as [string, (teacher: Tensor, student: Tensor) => Tensor][];
/** Hints in the domain of every loss. */
const teacherHint = (): Tensor => tensor([0.1, 0.9, 0.4, 0.3, 0.8, 0.2, 0.7, 0.5], [2, 2, 2]);
const studentHint = (): Tensor => tensor([0.5, -0.4, 1.2, 0.7, -0.9, 0.3, 0.2, 1.1], [2, 2, 2]);

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(cases)('hintLoss agrees with the mean of RepDistiller: $name', async (golden) => {
    const { student, teacher } = golden.inputs;
    const [batch = 1] = golden.shapes.student;
    const hint = tensor(teacher, golden.shapes.teacher);
    const { value, gradient } = await valueAndGradient(
      (x) => hintLoss(hint, x, { reduction: 'mean' }),
      tensor(student, golden.shapes.student),
      batch,
    );
    expectClose(value, golden.expected.loss, { relative: 1e-5, absolute: 1e-12 });
    expectClose(gradient, golden.expected.gradStudent, { relative: 1e-4, absolute: 1e-8 });
  });

  it('hintLoss is half the sum of squares as published: n/2 times the mean', async () => {
    const [teacher, student] = [zeros([2, 3, 3, 4]), mul(ones([2, 3, 3, 4]), 2)];
    expect(Array.from(await hintLoss(teacher, student).data())).toEqual([72, 72]);
    const means = await hintLoss(teacher, student, { reduction: 'mean' }).data();
    expect(Array.from(means)).toEqual([4, 4]);
  });

  it('normalizedHintLoss is half the squared distance of unit vectors', async () => {
    // [3, 4] / 5 and [1, 0]: ((0.6 - 1)² + 0.8²) / 2.
    const value = await normalizedHintLoss(tensor2d([[3, 4]]), tensor2d([[7, 0]])).data();
    expectClose(value, [0.4], { relative: 1e-6, absolute: 0 });
  });

  it('cosineHintLoss compares channels position by position', async () => {
    // A different scale at each position does not change cosineHintLoss, but it changes normalizedHintLoss.
    const teacher = tensor([1, 2, 3, 4], [1, 2, 2]);
    const student = tensor([10, 20, 3, 4], [1, 2, 2]);
    expectClose(await cosineHintLoss(teacher, student).data(), [0], { relative: 0, absolute: 1e-6 });
    expect((await normalizedHintLoss(teacher, student).data())[0]).toBeGreaterThan(0.1);
  });

  it('cross-entropies are those of sigmoid and tanh', async () => {
    // -(0.2 log s + 0.8 log(1-s)) with s = sigmoid(1.5) = 0.8175744762.
    const ofSigmoid = await sigmoidHintLoss(tensor2d([[0.2]]), tensor2d([[1.5]])).data();
    expectClose(ofSigmoid, [1.4014132779], { relative: 1e-6, absolute: 0 });
    // u = -0.6 -> 0.2; (tanh(0.75) + 1) / 2 = 0.8175744762.
    const ofTanh = await tanhHintLoss(tensor2d([[-0.6]]), tensor2d([[0.75]])).data();
    expectClose(ofTanh, [1.4014132779], { relative: 1e-6, absolute: 0 });
  });

  describe.each(named)('%s', (_, loss) => {
    it('has the gradient of its value', async () => {
      const numeric = numericGradient((x) => loss(teacherHint(), x), studentHint());
      const gradient = await grad((x: Tensor) => loss(teacherHint(), x))(studentHint()).data();
      expectClose(gradient, numeric, { relative: 2e-3, absolute: 2e-4 });
    });

    it("multiplies each example's gradient by its weight", async () => {
      const weights = tensor([3, 0]);
      const gradient = await grad((x: Tensor) => sum(mul(loss(teacherHint(), x), weights)))(
        studentHint(),
      ).data();
      const plain = await grad((x: Tensor) => loss(teacherHint(), x))(studentHint()).data();
      expectClose(
        gradient,
        Array.from(plain, (x, index) => (index < 4 ? 3 * x : 0)),
        { relative: 1e-6, absolute: 1e-9 },
      );
    });

    it('gives no gradient to the teacher', () => {
      const ofTeacher = (): unknown => grad((x: Tensor) => loss(x, studentHint()))(teacherHint());
      expect(ofTeacher).toThrow('Cannot compute gradient');
    });

    it('is finite at 1e4 and at zero, and so is its gradient', async () => {
      for (const size of [1e4, -1e4, 0]) {
        const { value, grad: gradient } = valueAndGrad((x: Tensor) => sum(loss(teacherHint(), x)))(
          mul(ones([2, 2, 2]), size),
        );
        const numbers = [...(await value.data()), ...(await gradient.data())];
        expect(numbers.every(Number.isFinite), numbers.join()).toBe(true);
        // A hint of zeros must not get the gradient of one with length 1e-12.
        expect(Math.max(...numbers.map(Math.abs))).toBeLessThan(1e10);
      }
    });

    it('gives each example the same value as alone', async () => {
      const both = await loss(teacherHint(), studentHint()).data();
      const alone = await loss(
        slice(teacherHint(), [1, 0, 0], [1, 2, 2]),
        slice(studentHint(), [1, 0, 0], [1, 2, 2]),
      ).data();
      expectClose([both[1] ?? NaN], [alone[0]], { relative: 1e-6, absolute: 0 });
    });

    it('leaks no tensor', () =>
      expectNoLeak(() => {
        tidy(() => {
          valueAndGrad((x: Tensor) => sum(loss(teacherHint(), x)))(studentHint());
        });
      }));
  });

  it('is smallest at equality', async () => {
    const same = randomNormal([2, 3, 3, 2], 0, 1, 'float32', 1);
    for (const loss of [hintLoss, normalizedHintLoss, cosineHintLoss]) {
      expectClose(await loss(same, same).data(), [0, 0], { relative: 0, absolute: 1e-6 });
    }
    const ofSigmoid = grad((x: Tensor) => sigmoidHintLoss(tensor2d([[0.5, 0.8807971]]), x));
    expectClose(await ofSigmoid(tensor2d([[0, 2]])).data(), [0, 0], { relative: 0, absolute: 1e-6 });
    const ofTanh = grad((x: Tensor) => tanhHintLoss(tensor2d([[0, 0.9640276]]), x));
    expectClose(await ofTanh(tensor2d([[0, 2]])).data(), [0, 0], { relative: 0, absolute: 1e-6 });
  });
});

describe('bad input', () => {
  beforeAll(() => useBackend('cpu'));

  it.each(named)('%s refuses what cannot be a hint', async (_, loss) => {
    const hint = ones([2, 3]);
    const wrong: [unknown, string, string][] = [
      [undefined, 'KD_TENSOR_TYPE', 'undefined'],
      [disposedTensor(), 'KD_TENSOR_TYPE', 'disposed'],
      [ones([2, 3], 'int32'), 'KD_TENSOR_DTYPE', 'int32'],
      [ones([3]), 'KD_TENSOR_SHAPE', '2'],
      [ones([0, 3]), 'KD_BATCH_EMPTY', 'at least one example'],
      [ones([2, 1]), 'KD_TENSOR_SHAPE', '[2,1]'],
      [ones([1, 3]), 'KD_TENSOR_SHAPE', '[1,3]'],
    ];
    for (const [value, code, part] of wrong) {
      await expectKdError(() => loss(hint, value as Tensor), code, 'studentHint', part);
      if (code !== 'KD_TENSOR_SHAPE' || part === '2')
        await expectKdError(() => loss(value as Tensor, hint), code, 'teacherHint', part);
    }
  });

  it.each<[string, unknown, string, ...string[]]>([
    ['another reduction', { reduction: 'sum' }, 'KD_OPTION_RANGE', '"paper"', '"mean"'],
    ['a number', { reduction: 1 }, 'KD_OPTION_TYPE', 'options.reduction'],
    ['an unknown option', { reduce: 'mean' }, 'KD_OPTION_UNKNOWN', 'options.reduce'],
    ['options that are not an object', 'mean', 'KD_OPTION_TYPE', 'options'],
  ])('refuses %s', async (_, options, code, ...facts) => {
    for (const loss of [hintLoss, sigmoidHintLoss, tanhHintLoss]) {
      await expectKdError(() => loss(ones([1, 2]), ones([1, 2]), options as never), code, ...facts);
    }
  });
});
