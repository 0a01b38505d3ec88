import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { describeTerm } from '@kd/conformance/vitest';
import {
  backends,
  expectClose,
  expectKdError,
  expectNoLeakOfLoss,
  features,
  itRefuses,
  lossOf,
  numericGradient,
  useBackend,
} from '@kd/testing';
import { add, grad, ones, tensor, tensor2d, zeros } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, it } from 'vitest';
import * as float64 from '../test/float64.js';
import { attentionLogits, attentionLogitsLoss } from './index.js';

const taps = { student: 'a', teacher: 'b' };
const shape = [2, 4, 4];
const equal = { student: { features: shape }, teacher: { features: shape } };
const close = { relative: 1e-5, absolute: 1e-6 };
type Options = Parameters<typeof float64.logits>[2];
const reference = (teacher: Tensor, student: Tensor, options?: Options): number[][] => {
  const [ofTeacher, ofStudent] = [teacher, student].map((x) => x.arraySync() as number[][][][]);
  return (ofTeacher ?? []).map((scores, b) => float64.logits(scores, ofStudent?.[b] ?? [], options));
};

describe.each(backends)('attentionLogits on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  describeTerm(
    'attentionLogits',
    attentionLogits,
    { ...equal, mask: [4] },
    {
      options: taps,
      variants: [{ causal: true }],
      atEquality: 'zero',
      constant: ['teacher.features'],
      reference: ({ student, teacher }) =>
        (teacher['features'] ?? []).flatMap((scores, b) =>
          float64.logits(scores as float64.Matrix[], student['features']?.[b] as float64.Matrix[]),
        ),
      refuses: { causal: ['yes'], weight: [-1], name: [''], student: [undefined], teacher: [undefined] },
      refusesShapes: [
        { ...equal, student: { features: [3, 4, 4] } },
        { ...equal, teacher: { features: [2, 3, 3] } },
        { student: { features: [2, 4, 3] }, teacher: { features: [2, 4, 3] } },
        { student: { features: [4, 4] }, teacher: { features: [4, 4] } },
      ],
    },
  );

  it('is what one works out by hand', async () => {
    // Two heads, two positions. Differences: 1, -2 and 3, 0 in one head; 0, 2 and 1, -1 in the other.
    const teacher = tensor([0, 0, 0, 0, 1, 1, 1, 1], [1, 2, 2, 2]);
    const student = tensor([1, -2, 3, 0, 1, 3, 2, 0], [1, 2, 2, 2]);
    const of = async (options: object): Promise<ArrayLike<number>> =>
      attentionLogitsLoss(teacher, student, options).data();
    expectClose(await of({}), [(1 + 4 + 0 + 4) / 4, (9 + 0 + 1 + 1) / 4], close);
    expectClose(await of({ causal: true }), [(1 + 0) / 2, (9 + 0 + 1 + 1) / 4], close);
    expectClose(await of({ mask: tensor2d([[0, 1]]) }), [0, (0 + 1) / 2], close);
  });

  it.each([false, true])(
    'leaves masked positions out, with whatever they hold; causal: %s',
    async (causal) => {
      const [teacher, student] = [features([2, 3, 5, 5], 1), features([2, 3, 5, 5], 2)];
      const options = { causal, mask: tensor2d([1, 0, 1, 1, 0, 1, 0, 1, 1, 0], [2, 5]) };
      const broken = (x: Tensor): Tensor =>
        add(
          add(x, tensor([0, NaN, 0, 0, Infinity], [1, 1, 5, 1])),
          tensor([0, NaN, 0, 0, NaN], [1, 1, 1, 5]),
        );
      const loss = (x: Tensor): Tensor => attentionLogitsLoss(broken(teacher), x, options);
      const expected = reference(teacher, student, { kept: [0, 2, 3], causal });
      expectClose(await loss(broken(student)).data(), expected, close);
      const gradient = await grad(loss)(broken(student)).data();
      expectClose(gradient, numericGradient(loss, student), { relative: 5e-3, absolute: 2e-3 });
    },
  );

  it('leaves no tensors', async () => {
    await expectNoLeakOfLoss(
      () => [features([2, 3, 4, 4]), features([2, 3, 4, 4], 1)],
      (teacher, student) => attentionLogitsLoss(teacher, student, { causal: true }),
    );
  });
});

describe('attentionLogits', () => {
  beforeAll(() => useBackend('cpu'));

  it('refuses a mask of other positions, in a step', async () => {
    const scores = { features: ones([2, 3, 4, 4]) };
    const given = { student: scores, teacher: scores, mask: ones([2, 3]) };
    const body = (): unknown => lossOf(attentionLogits(taps), given);
    await expectKdError(body, 'KD_TENSOR_SHAPE', 'batch.mask', '[2,4]', '[2,3]');
  });
});

describe('attentionLogitsLoss refuses', () => {
  beforeAll(() => useBackend('cpu'));
  const x = (): Tensor => ones([2, 3, 4, 4]);
  itRefuses(
    [
      ['scores without heads', () => [ones([2, 4, 4]), x()], 'KD_TENSOR_SHAPE', 'teacherScores'],
      ['other heads', () => [x(), ones([2, 1, 4, 4])], 'KD_TENSOR_SHAPE', 'studentScores', '[2,3,4,4]'],
      ['scores of other positions', () => [x(), ones([2, 3, 4, 5])], 'KD_TENSOR_SHAPE', 'studentScores'],
      ['no examples', () => [zeros([0, 3, 4, 4]), x()], 'KD_BATCH_EMPTY', 'teacherScores'],
      ['whole numbers', () => [ones([2, 3, 4, 4], 'int32'), x()], 'KD_TENSOR_DTYPE', 'teacherScores'],
      ['a column as a mask', () => [x(), x(), { mask: ones([2, 4, 1]) }], 'KD_TENSOR_SHAPE', 'options.mask'],
      ['a number for causal', () => [x(), x(), { causal: 1 }], 'KD_OPTION_TYPE', 'options.causal'],
      ['an unknown option', () => [x(), x(), { heads: 3 }], 'KD_OPTION_UNKNOWN', 'options.heads'],
    ],
    (given: Parameters<typeof attentionLogitsLoss>) => attentionLogitsLoss(...given),
    'attentionLogitsLoss',
  );
});
