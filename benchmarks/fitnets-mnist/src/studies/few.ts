import { errorsChart } from '../errors-chart.js';
import { paperStudent, smallStudent } from '../plans.js';
import { sizesOf } from './sizes-of.js';
import type { Kind, Sizes, Study, Way } from './study.js';
import { teacher } from './teachers.js';
import { backprop, hintsFirst, kd } from './ways.js';

interface Scale extends Pick<Kind, 'plan'> {
  readonly validation: number;
  readonly test: number;
  /** How many digits, and how often a student sees them. */
  readonly sets: readonly { readonly learning: number; readonly epochs: number }[];
}

/** Shares of the epochs for the first stage. */
const shares = { '1/6': 1 / 6, '1/3': 1 / 3, '1/2': 1 / 2, '2/3': 2 / 3 };

const ways: readonly (Way & { readonly x?: number })[] = [
  backprop,
  { ...kd, x: 0 },
  ...Object.entries(shares).map(([name, share]) => ({
    ...hintsFirst(share),
    arm: `hints for ${name} of the epochs, then KD`,
    x: share,
  })),
];

const nameOf = (digits: number): string => `${digits.toLocaleString('en-US')} digits`;

const kindsOf = ({ plan, validation, test, sets }: Scale): Kind[] =>
  sets.flatMap(({ learning, epochs }) =>
    ways.map(({ x, ...way }) => ({
      ...way,
      plan,
      group: nameOf(learning),
      digits: { learning, validation, test },
      training: { epochs, batchSize: 32, learningRate: 0.002 },
      place: {
        panel: nameOf(learning),
        ...(x === undefined ? { line: way.arm } : { line: 'hints, then KD', x }),
      },
    })),
  );

const full: Study = {
  name: 'few',
  title: 'Students of few digits; dashes: backprop',
  teacher,
  kinds: kindsOf({
    plan: paperStudent,
    validation: 1000,
    test: 10_000,
    sets: [
      { learning: 500, epochs: 120 },
      { learning: 2000, epochs: 60 },
    ],
  }),
  seeds: 5,
  chart: errorsChart('share of the epochs on hints'),
};

/** How many of the epochs to spend on hints, with few digits and scaled first weights. */
export const few: Sizes = sizesOf(full, {
  kinds: kindsOf({
    plan: smallStudent,
    validation: 100,
    test: 300,
    sets: [
      { learning: 50, epochs: 6 },
      { learning: 100, epochs: 6 },
    ],
  }),
});
