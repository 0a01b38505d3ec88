import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { checks } from '@kd/conformance';
import { describeGolden, describeTerm } from '@kd/conformance/vitest';
import type { GoldenFile, Subject } from '@kd/conformance';
import { defineTerm } from '@kd/core';
import type { Term } from '@kd/core';
import { backends, expectKdError, goldenFile, itRefuses, useBackend } from '@kd/testing';
import { expandDims, fill, log, ones, tensor } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { repDistiller, weightsOf } from '../test/golden.js';
import type { Params } from '../test/golden.js';
import { bankModule } from './bank.js';
import { contrastive, contrastiveLoss } from './index.js';
import { lossOfBank } from './loss-of-bank.js';

const taps = { student: 'a', teacher: 'b', name: 'crd' };
const small = { ...taps, dimension: 4, negatives: 6, temperature: 0.5 };
const shapes = { student: { features: [2, 3] }, teacher: { features: [5] }, datasetSize: 16 };
const labels = Array.from({ length: 16 }, (_, row) => row % 3);
const estimation = goldenFile('contrastive/crd_nce') as GoldenFile<
  { nData: number },
  { student: number[][] }
>;

/** The term with candidates that are given, not drawn. */
function withCandidates({ featDim, temperature }: Params, candidates: number[][]): Term {
  const reads = { student: { features: 'a' }, teacher: { features: 'b' }, rows: true } as const;
  const bank = bankModule('crd', reads, { dimension: featDim, normalizer: undefined, labels: undefined });
  return defineTerm({
    name: 'crd',
    reads,
    modules: { bank },
    loss: ({ student, teacher, rows, modules }) =>
      lossOfBank(modules.bank, {
        features: { student: student.features, teacher: teacher.features },
        rows,
        candidates: tensor(candidates, undefined, 'int32'),
        temperature,
      }),
  });
}

describe.each(backends)('contrastive on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  describeTerm('contrastive with a known Z', contrastive, shapes, {
    options: { ...small, normalizer: 20 },
    variants: [{ dimension: 3 }, { negatives: 5 }, { temperature: 1 }, { normalizer: 8 }, { labels }],
    refuses: {
      dimension: [0, 1.5],
      negatives: [0],
      temperature: [0.01, Infinity],
      momentum: [-0.1, 1.1],
      normalizer: [0],
      labels: [[], [0.5], 'abc', new DataView(new ArrayBuffer(8))],
      weight: [-1],
      name: [''],
      student: [undefined],
      teacher: [undefined],
    },
    refusesShapes: [
      { ...shapes, student: { features: [] } },
      { ...shapes, datasetSize: 1 },
    ],
  });

  describe('contrastive with the Z of the first batch', () => {
    const claims = { options: { ...small, labels }, relatesExamples: true };
    const subject = { makeTerm: contrastive, shapes, claims } as unknown as Subject;
    const term = contrastive(claims.options);
    for (const { name, rule, applies, run } of checks)
      // Differences would also move Z, which is a constant.
      if (!name.startsWith('gradient') && (applies?.(subject, term) ?? true)) it(rule, () => run(subject));
  });

  describeGolden('RepDistiller', repDistiller, {
    makeTerm: (params, { contrastIndices }) => withCandidates(params, contrastIndices),
    values: ({ student, teacher, indices, memory1 }) => ({
      student: { features: student },
      teacher: { features: teacher },
      rows: indices,
      datasetSize: memory1.length,
    }),
    weights: (inputs, params) =>
      Object.fromEntries(
        Object.entries(weightsOf(inputs, params)).map(([name, values]) => [`crd/${name}`, values]),
      ),
    namesOfGradients: {
      'crd/studentKernel': 'embedStudentKernel',
      'crd/teacherKernel': 'embedTeacherKernel',
    },
  });

  describeGolden('ContrastLoss of RepDistiller', estimation, {
    makeTerm: ({ nData }) =>
      defineTerm({
        name: 'nce',
        reads: { student: { probabilities: 'a' } },
        loss: ({ student: { probabilities } }) => ({
          values: contrastiveLoss(ones([probabilities.shape[0], 1]), expandDims(log(probabilities), 2), {
            datasetSize: nData,
            temperature: 1,
            normalizer: 1,
          }),
        }),
      }),
    values: ({ student }) => ({ student: { probabilities: student } }),
  });
});

describe('contrastiveLoss refuses', () => {
  beforeAll(() => useBackend('cpu'));
  const e = (): Tensor => ones([2, 3]);
  const c = (): Tensor => ones([2, 4, 3]);
  const options = { datasetSize: 10 };
  itRefuses(
    [
      ['maps', () => [ones([2, 1, 3]), c(), options], 'KD_TENSOR_SHAPE', 'embeddings'],
      ['no negatives', () => [e(), ones([2, 1, 3]), options], 'KD_TENSOR_SHAPE', 'candidates', 'K >= 1'],
      ['other lengths', () => [e(), ones([2, 4, 2]), options], 'KD_TENSOR_SHAPE', '[2,4,3]'],
      ['no size', () => [e(), c(), {}], 'KD_OPTION_TYPE', 'options.datasetSize'],
      ['a negative Z', () => [e(), c(), { ...options, normalizer: -1 }], 'KD_OPTION_RANGE', 'normalizer'],
    ],
    (given: Parameters<typeof contrastiveLoss>) => contrastiveLoss(...given),
    'contrastiveLoss',
  );

  it('what labels cannot be of the data set', async () => {
    const check = (labels: ArrayLike<number>) => () => {
      const infos = { shape: [null, 3] };
      contrastive({ ...taps, labels }).check?.({
        student: { features: infos },
        teacher: { features: infos },
        datasetSize: 3,
      });
    };
    await expectKdError(check([0, 1]), 'KD_DATA_LENGTH', 'options.labels', '3 examples', '2');
    await expectKdError(check(Int32Array.of(1, 1, 1)), 'KD_TERM_NEEDS', 'two classes', '1');
    check([0, 0, 1])();
  });

  it('nothing of numbers that are large', async () => {
    const loss = contrastiveLoss(fill([1, 2], 0.7), fill([1, 3, 2], 0.7), {
      datasetSize: 1e6,
      temperature: 0.02,
    });
    expect((await loss.data())[0]).toBeGreaterThan(0);
    expect(Number.isFinite((await loss.data())[0])).toBe(true);
  });
});
