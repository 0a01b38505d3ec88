import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { describeGolden, describeTerm } from '@kd/conformance/vitest';
import type { GoldenFile, Nested } from '@kd/conformance';
import { backends, goldenFile, useBackend } from '@kd/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { variational } from './index.js';

const taps = { student: 'a', teacher: 'b', name: 'vid' };
const pair = { student: { features: [3, 4, 2] }, teacher: { features: [3, 2, 3] } };
/** The names of the file by those of the weights. */
const weights = {
  'vid/kernel0': 'kernel0',
  'vid/kernel1': 'kernel1',
  'vid/kernel2': 'kernel2',
  'vid/rawVariance': 'logScale',
} as const;
type Input = 'student' | 'teacher' | (typeof weights)[keyof typeof weights];
const repDistiller = goldenFile('variational/vid') as GoldenFile<object, { readonly [K in Input]: Nested }>;

describe.each(backends)('variational on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  describeTerm('variational', variational, pair, {
    options: taps,
    variants: [{ hidden: 5 }, { initialVariance: 1 }],
    constant: ['teacher.features'],
    // A longer step may cross the kink of a ReLU.
    differenceStep: 2e-3,
    refuses: {
      hidden: [0, 1.5],
      initialVariance: [0, 1e-6, Infinity],
      weight: [-1],
      name: [''],
      student: [undefined],
      teacher: [undefined],
    },
    refusesShapes: [
      { ...pair, student: { features: [16, 64] } },
      { ...pair, teacher: { features: [8] } },
    ],
  });

  describeGolden('RepDistiller', repDistiller, {
    makeTerm: (_, { kernel0 }) => variational({ ...taps, hidden: (kernel0 as number[][])[0]?.length ?? 1 }),
    values: ({ student, teacher }) => ({ student: { features: student }, teacher: { features: teacher } }),
    weights: (inputs) =>
      Object.fromEntries(Object.entries(weights).map(([ours, theirs]) => [ours, inputs[theirs]])),
    namesOfGradients: { 'vid/kernel0': 'kernel0', 'vid/kernel2': 'kernel2', 'vid/rawVariance': 'logScale' },
  });
});

it('describes itself', () => {
  const term = variational({ student: 'a', teacher: 'b' });
  expect(term).toMatchObject({
    name: 'information a<-b',
    reduces: 'example',
    settings: { hidden: null, initialVariance: 5 },
  });
  expect(term.modules['predictor']?.name).toBe('information a<-b');
});
