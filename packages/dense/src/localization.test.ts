import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { describeGolden, describeTerm } from '@kd/conformance/vitest';
import type { GoldenFile, Nested } from '@kd/conformance';
import { backends, expectKdError, goldenFile, itRefuses, lossOf, useBackend } from '@kd/testing';
import { ones } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { localization, localizationLoss } from './index.js';

const taps = { student: 'a', teacher: 'b' };
const equal = { student: { features: [2, 3, 4, 5] }, teacher: { features: [2, 3, 4, 5] } };
const bad = { temperature: [0, -1], region: [''], weight: [-1], name: [''], student: [undefined] };
interface Inputs {
  readonly student: Nested;
  readonly teacher: Nested;
  readonly region?: Nested;
}
const golden = goldenFile('dense/localization') as GoldenFile<
  { temperature: number; form: 'paper' | 'ld' },
  Inputs
>;
const numbers = (nested: Nested): number[] => ([nested] as unknown[]).flat(Infinity) as number[];

describe.each(backends)('localization on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  describeTerm(
    'localization',
    localization,
    { ...equal, mask: [2, 3] },
    {
      options: taps,
      variants: [{ temperature: 1 }],
      atEquality: 'zero',
      constant: ['teacher.features'],
      refuses: bad,
      refusesShapes: [
        { ...equal, student: { features: [2, 3, 5, 4] } },
        { ...equal, student: { features: [2, 3, 4, 6] } },
        { ...equal, teacher: { features: [3, 2, 4, 5] } },
        { student: { features: [2, 4, 1] }, teacher: { features: [2, 4, 1] } },
      ],
    },
  );
  describeTerm(
    'localization in a region',
    localization,
    { ...equal, targets: { region: [2, 3] }, mask: [2, 3] },
    { options: { ...taps, region: 'objects' }, atEquality: 'zero', refuses: bad },
  );

  describeGolden('float64', golden, {
    makeTerm: ({ temperature }, { region }) =>
      localization({ ...taps, temperature, ...(region === undefined ? {} : { region: 'objects' }) }),
    values: ({ student, teacher, region }) => ({
      student: { features: student },
      teacher: { features: teacher },
      ...(region === undefined ? {} : { targets: { region } }),
    }),
    // It takes the mean over four edges and the bins, and the sum over the region.
    factor: ({ form }, { student, region = 0 }) => {
      const bins = (student as Nested[][][][])[0]?.[0]?.[0] as Nested[];
      return form === 'ld' ? (4 * bins.length) / numbers(region).reduce((a, b) => a + b) : 1;
    },
  });
});

describe('localization', () => {
  beforeAll(() => useBackend('cpu'));
  const term = localization({ ...taps, region: 'objects' });

  it('has other settings with a region', () => {
    expect(localization(taps).settings).toEqual({ region: null });
    expect(term.settings).toEqual({ region: 'objects' });
  });
  it('refuses a region or a mask of another shape', async () => {
    const maps = { features: ones([2, 3, 4, 5]) };
    const given = { student: maps, teacher: maps, targets: { region: ones([2, 4]) } };
    await expectKdError(() => lossOf(term, given), 'KD_TENSOR_SHAPE', 'targets.objects', '[2,3]', '[2,4]');
    const masked = { ...given, mask: ones([2, 4]) };
    await expectKdError(() => lossOf(localization(taps), masked), 'KD_TENSOR_SHAPE', 'batch.mask', '[2,3]');
  });
});

describe('localizationLoss refuses', () => {
  beforeAll(() => useBackend('cpu'));
  const x = (shape = [2, 3, 4, 5]): Tensor => ones(shape);
  itRefuses(
    [
      ['edges and bins swapped', () => [x([2, 5, 4]), x([2, 5, 4])], 'KD_TENSOR_SHAPE', 'teacherLogits'],
      ['no bins', () => [x(), x([2, 4])], 'KD_TENSOR_SHAPE', 'studentLogits'],
      ['other bins', () => [x(), x([2, 3, 4, 6])], 'KD_TENSOR_SHAPE', 'of shape [2,3,4,5]'],
      ['no temperature', () => [x(), x(), { temperature: 0 }], 'KD_OPTION_RANGE', 'options.temperature'],
      ['an unknown option', () => [x(), x(), { tau: 1 }], 'KD_OPTION_UNKNOWN', 'options.tau'],
    ],
    (given: Parameters<typeof localizationLoss>) => localizationLoss(...given),
    'localizationLoss',
  );
});
