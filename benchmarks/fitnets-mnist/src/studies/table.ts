import { epochsChart } from '../epochs-chart.js';
import { paperStudent, smallStudent } from '../plans.js';
import { sizesOf } from './sizes-of.js';
import type { Kind, Sizes, Study } from './study.js';
import { teacher } from './teachers.js';
import { backprop, hintsFirst, joint, kd } from './ways.js';

const kindsOf = (rest: Pick<Kind, 'plan' | 'digits' | 'training'>): Kind[] =>
  [backprop, kd, joint, hintsFirst(1 / 3)].map((way) => ({ ...way, ...rest, group: '' }));

// Table 4 of the paper in errors of 10,000, which does not contain joint hints and KD.
const published: Readonly<Record<string, string>> = { backprop: '190', KD: '65', 'hints, then KD': '51' };

const full: Study = {
  name: 'table',
  title: 'Four ways to train a deep, thin student',
  teacher,
  kinds: kindsOf({
    plan: paperStudent,
    digits: teacher.digits,
    training: { epochs: 18, batchSize: 128, learningRate: 0.002 },
  }),
  seeds: 3,
  learningRates: [0.001, 0.002, 0.004],
  columns: [
    {
      head: 'paper',
      cell: (trained) => (trained === undefined ? '55' : (published[trained.kind.arm] ?? '')),
    },
  ],
  chart: epochsChart,
};

/** The paper's nets on all digits, with first weights and an optimizer as usual today. */
export const table: Sizes = sizesOf(full, {
  kinds: kindsOf({
    plan: smallStudent,
    digits: { learning: 100, validation: 100, test: 300 },
    training: { epochs: 3, batchSize: 32, learningRate: 0.002 },
  }),
  learningRates: [0.002, 0.004],
});
