import { depthPlan } from '../depth-plan.js';
import { errorsChart } from '../errors-chart.js';
import type { DigitCounts } from '../job.js';
import { sizesOf } from './sizes-of.js';
import type { Kind, Sizes, Study } from './study.js';
import { teacherOfDepths } from './teachers.js';
import { backprop, hintsFirst, kd } from './ways.js';

interface Scale {
  readonly depths: readonly number[];
  /** Limit of multiplications per image for each student. */
  readonly budget: number;
  readonly digits: DigitCounts;
  readonly epochs: number;
}

const firstWeights = [
  { panel: 'first weights uniform in ±0.005', uniform: 0.005 },
  { panel: 'scaled first weights' },
];

const kindsOf = ({ depths, budget, digits, epochs }: Scale): Kind[] =>
  firstWeights.flatMap(({ panel, ...first }) =>
    depths.flatMap((depth) =>
      [backprop, kd, hintsFirst(1 / 3)].map((way) => ({
        ...way,
        ...first,
        digits,
        plan: depthPlan({ depth, budget }),
        group: `${panel}, ${String(depth)} layers`,
        training: { epochs, batchSize: 16, learningRate: 0.004 },
        place: { panel, line: way.arm, x: depth },
      })),
    ),
  );

const full: Study = {
  name: 'depth',
  title: 'Students of a million multiplications',
  teacher: teacherOfDepths,
  kinds: kindsOf({
    depths: [3, 7, 11, 13, 15],
    budget: 1_000_000,
    digits: { ...teacherOfDepths.digits, learning: 2000 },
    epochs: 12,
  }),
  seeds: 5,
  columns: [
    { head: 'units', cell: (trained) => (trained === undefined ? '' : String(trained.kind.plan[0]?.units)) },
  ],
  chart: errorsChart('convolutional layers'),
};

/** Which depths can be trained, at fixed cost: figure 2 of the paper. */
export const depth: Sizes = sizesOf(full, {
  kinds: kindsOf({
    depths: [3, 4],
    budget: 200_000,
    digits: { learning: 100, validation: 100, test: 300 },
    epochs: 3,
  }),
});
