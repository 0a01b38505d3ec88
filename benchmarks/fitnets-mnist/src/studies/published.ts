import { epochsChart } from '../epochs-chart.js';
import { paperStudent, smallStudent } from '../plans.js';
import type { Plan } from '../plan.js';
import { stepsOnPlateau } from '../steps-on-plateau.js';
import { sizesOf } from './sizes-of.js';
import type { Kind, Sizes, Study } from './study.js';
import { teacher } from './teachers.js';
import { backprop, doubled, hintsFirst, kd } from './ways.js';

interface Scale extends Pick<Kind, 'plan' | 'digits'> {
  readonly epochs: number;
  readonly batchSize: number;
}

// The range of the first weights, that of the regressor, and the longest incoming vectors, in the
// configuration and the program that the authors have published.
const small = { name: 'uniform in ±0.005', uniform: 0.005, regressor: { uniform: 0.05, maxNorm: 0.9 } };
const scaled = { name: 'scaled', regressor: { maxNorm: 0.9 } };

function maxNormOf(plan: Plan): Record<string, number> {
  const limits = plan.map((_, index) => [`convolution_${String(index + 1)}`, index < 2 ? 0.9 : 1.9365]);
  return { ...(Object.fromEntries(limits) as Record<string, number>), logits: 1.9365 };
}

const kindsOf = ({ plan, digits, epochs, batchSize }: Scale): Kind[] =>
  [small, scaled].flatMap(({ name, regressor, ...first }) =>
    [1e-5, 1e-8].flatMap((epsilon) =>
      [backprop, doubled, kd, hintsFirst(1 / 3, regressor)].map((way) => ({
        ...way,
        ...first,
        ...{ plan, digits },
        group: `${name}, ε = ${epsilon.toExponential()}`,
        training: {
          ...{ epochs, batchSize },
          learningRate: 0.0005,
          rmsprop: { epsilon, maxNorm: maxNormOf(plan) },
        },
      })),
    ),
  );

const full: Study = {
  name: 'published',
  title: 'First weights and ε of RMSProp',
  teacher,
  kinds: kindsOf({ plan: paperStudent, digits: teacher.digits, epochs: 18, batchSize: 128 }),
  seeds: 5,
  columns: [{ head: 'steps until the loss has fallen by a tenth', cell: stepsOnPlateau }],
  chart: epochsChart,
};

/** The authors' first weights and optimizer, beside those of today. */
export const published: Sizes = sizesOf(full, {
  kinds: kindsOf({
    plan: smallStudent,
    digits: { learning: 60, validation: 100, test: 300 },
    epochs: 3,
    batchSize: 2,
  }),
});
