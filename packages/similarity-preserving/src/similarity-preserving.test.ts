import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { describeGolden, describeTerm } from '@kd/conformance/vitest';
import type { GoldenFile, Nested } from '@kd/conformance';
import { linear } from '@kd/schedule';
import { backends, goldenFile, useBackend } from '@kd/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import * as float64 from '../test/float64.js';
import { rowsToUnitLength, rowsToUnitSum, similarityPreserving } from './index.js';

const taps = { student: 'conv_1', teacher: 'conv_2' };
const repDistiller = goldenFile('similarity-preserving/sp') as GoldenFile<
  object,
  { student: Nested; teacher: Nested }
>;
const flat = (rows: readonly unknown[] = []): number[][] =>
  rows.map((row) => [row].flat(Infinity) as number[]);

describe.each(backends)('similarityPreserving on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  describe.each([
    [rowsToUnitLength, float64.length],
    [rowsToUnitSum, float64.absoluteSum],
  ])('%o', (normalize, norm) => {
    describeTerm(
      'similarityPreserving',
      similarityPreserving,
      { student: { features: [3, 2, 2] }, teacher: { features: [3, 2, 2] } },
      {
        options: { ...taps, normalize },
        variants: [{ normalize: normalize === rowsToUnitSum ? rowsToUnitLength : rowsToUnitSum }],
        atEquality: 'zero',
        constant: ['teacher.features'],
        scaleFree: true,
        reference: ({ student, teacher }) => [
          float64.similarityPreserving(flat(teacher['features']), flat(student['features']), norm),
        ],
        refuses: { normalize: ['l1'], weight: [-1], name: [''], student: [undefined], teacher: [undefined] },
        refusesShapes: [{ student: { features: [8] }, teacher: { features: [] } }],
      },
    );
  });

  // Features of other shapes on each side.
  describeGolden('RepDistiller', repDistiller, {
    makeTerm: () => similarityPreserving(taps),
    values: ({ student, teacher }) => ({ student: { features: student }, teacher: { features: teacher } }),
  });
});

it('describes itself', () => {
  const weight = linear({ from: 3000, to: 0, epochs: 5 });
  expect(similarityPreserving({ ...taps, weight })).toMatchObject({
    name: 'similarity conv_1<-conv_2',
    weight,
    reduces: 'batch',
    reads: { student: { features: 'conv_1' }, teacher: { features: 'conv_2' } },
    settings: { normalize: rowsToUnitLength },
  });
});
