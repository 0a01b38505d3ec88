import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { describeGolden, describeTerm } from '@kd/conformance/vitest';
import type { GoldenFile, Nested } from '@kd/conformance';
import { defineTerm, offTape, optionsOf, temperatureOption, termOptions } from '@kd/core';
import type { Term, TermOptions } from '@kd/core';
import {
  backends,
  expectClose,
  expectKdError,
  features,
  itRefuses,
  goldenFile,
  lossOf,
  members,
  noClassTensors,
  useBackend,
} from '@kd/testing';
import {
  add,
  div,
  exp,
  logSoftmax,
  moments,
  mul,
  neg,
  oneHot,
  sub,
  sum,
  tensor2d,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { standardized, standardizeLogits } from './index.js';

interface DivergenceOptions extends TermOptions {
  readonly temperature?: number;
}
const divergenceOptions = optionsOf<DivergenceOptions>()({
  temperature: temperatureOption.default(2),
  ...termOptions.fields,
});

/** A term on logits, `T² KL`. */
function divergence(options: DivergenceOptions): Term {
  const { temperature: T, weight, name = 'divergence' } = divergenceOptions.read('divergence', options);
  return defineTerm({
    name,
    weight,
    settings: { T },
    reads: { student: { logits: { as: 'logits' } }, teacher: { logits: { as: 'logits' } } },
    loss: ({ student, teacher }) => {
      const q = logSoftmax(div(student.logits, T));
      const p = offTape(() => logSoftmax(div(teacher.logits, T)));
      return { values: mul(sum(mul(exp(p), sub(p, q)), -1), T * T) };
    },
  });
}

const authors = goldenFile('logit-standardization/logit_std') as GoldenFile<
  { T: number; logitStand: boolean },
  { student: Nested; teacher: Nested }
>;

type Torchdistill = { readonly temperature: number; readonly alpha: number; readonly beta: number };
const torchdistill = goldenFile('logit-standardization/logit_std_torchdistill') as GoldenFile<
  Torchdistill,
  Record<'student' | 'teacher' | 'labels', Nested>
>;

/** torchdistill's sum with the cross-entropy of the labels, on logits as they are. */
function withLabels({ temperature, alpha, beta }: Torchdistill): Term {
  const soft = standardizeLogits(divergence({ temperature }));
  return defineTerm({
    name: 'with labels',
    reads: {
      student: { logits: { as: 'logits' } },
      teacher: { logits: { as: 'logits' } },
      targets: { labels: { as: 'class-ids', target: 'labels' } },
    },
    loss: (batch) => {
      const { logits } = batch.student;
      const hard = neg(sum(mul(logSoftmax(logits), oneHot(batch.targets.labels, logits.shape[1] ?? 0)), 1));
      return { values: add(mul(hard, alpha), mul(soft.loss(batch).values, beta)) };
    },
  });
}

describe.each(backends)('standardizeLogits on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  describeTerm(
    'standardizeLogits',
    (options: DivergenceOptions) => standardizeLogits(divergence(options)),
    { student: { logits: [5] }, teacher: { logits: [5] } },
    { options: {}, variants: [{ temperature: 3 }], atEquality: 'zero', constant: ['teacher.logits'] },
  );

  describeGolden('the authors', authors, {
    makeTerm: ({ T, logitStand }) => {
      const plain = divergence({ temperature: T });
      return logitStand ? standardizeLogits(plain) : plain;
    },
    values: ({ student, teacher }) => ({ student: { logits: student }, teacher: { logits: teacher } }),
  });

  describeGolden('torchdistill', torchdistill, {
    makeTerm: (params) =>
      params.alpha === 0
        ? standardizeLogits(divergence({ temperature: params.temperature }))
        : withLabels(params),
    values: ({ student, teacher, labels }) => ({
      student: { logits: student },
      teacher: { logits: teacher },
      targets: { labels },
    }),
    // Without labels torchdistill drops both T² and beta.
    factor: ({ alpha, temperature }) => (alpha === 0 ? temperature ** 2 : 1),
  });

  it('gives logits the mean 0 and the unbiased deviation 1, whatever they had', async () => {
    const z = standardized(add(mul(features([3, 5]), 40), 7));
    const { mean, variance } = moments(z, 1);
    expectClose(await mean.data(), [0, 0, 0], { relative: 0, absolute: 1e-6 });
    expectClose(await variance.data(), [0.8, 0.8, 0.8], { relative: 1e-5, absolute: 0 });
    expectClose(await standardized(tensor2d([[2, 2, 2]])).data(), [0, 0, 0], { relative: 0, absolute: 0 });
  });

  it('standardizes each member of an ensemble, and nothing but logits', async () => {
    let seen: unknown;
    const term = defineTerm({
      name: 'looks',
      reads: {
        student: { map: 'conv', p: { as: 'probabilities' } },
        teacher: { logits: { as: 'logits', members: true }, maps: ['a', 'b'] },
      },
      loss: (batch) => {
        seen = batch;
        return { values: batch.student.map };
      },
    });
    const [map, z] = [features([2, 3]), features([2, 3], 1)];
    lossOf(standardizeLogits(term), {
      student: { map, p: map },
      teacher: { logits: members([z, map], [0.25, 0.75]), maps: [map, z] },
    });
    const { student, teacher } = seen as {
      student: object;
      teacher: { logits: { output: typeof z; weight: number }[]; maps: object };
    };
    expect(student).toEqual({ map, p: map });
    expect(teacher.maps).toEqual([map, z]);
    expect(teacher.logits.map(({ weight }) => weight)).toEqual([0.25, 0.75]);
    expectClose((await teacher.logits[0]?.output.data()) ?? [], await standardized(z).array(), {
      relative: 0,
      absolute: 0,
    });
  });
});

it('keeps the weight, and tells its term from the one that it wraps', () => {
  const plain = divergence({ weight: 9 });
  expect(standardizeLogits(plain)).toMatchObject({
    name: 'standardized divergence',
    weight: 9,
    settings: { T: 2, logits: 'standardized' },
  });
});

describe('refuses', () => {
  beforeAll(() => useBackend('cpu'));
  itRefuses(noClassTensors(2), standardized, 'standardized', 'logits');

  it('what reads no logits', async () => {
    const onMaps = defineTerm({
      name: 'maps',
      reads: { student: { map: 'a' }, teacher: { map: 'b' } },
      loss: ({ student }) => ({ values: student.map }),
    });
    for (const term of [onMaps, {}, undefined])
      await expectKdError(() => standardizeLogits(term as Term), 'KD_TERM_INVALID', 'reads logits');
  });
});
