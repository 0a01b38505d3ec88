import { useBackend } from '@kd/testing';
import { beforeAll, expect, it } from 'vitest';
import { depthPlan } from './depth-plan.js';
import { net } from './models.js';
import { multiplicationsOf } from './multiplications.js';
import { paperStudent, paperTeacher, smallTeacher } from './plans.js';

beforeAll(() => useBackend('cpu'));

const product = (sizes: readonly (number | null)[]): number =>
  sizes.reduce<number>((all, size) => all * (size ?? NaN), 1);

it.each([paperTeacher, paperStudent, smallTeacher, depthPlan({ depth: 7, budget: 1e6 })])(
  'uses each kernel of the net once at each position of its output (%#)',
  (...plan) => {
    const counts = net(plan, { seed: 1 }).layers.flatMap(({ weights, outputShape }) =>
      weights
        .filter(({ shape }) => shape.length > 1)
        .map(({ shape }) => product((outputShape as (number | null)[]).slice(1, -1)) * product(shape)),
    );
    expect(multiplicationsOf(plan)).toBe(counts.reduce((sum, count) => sum + count, 0));
  },
);
