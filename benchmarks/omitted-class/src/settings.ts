import type { PerceptronOptions, Training } from '@kd-benchmarks/experiment/perceptrons';

/** All settings of the experiment. */
export interface Settings {
  /** Digits that the teacher learns from; the students learn from those that are not omitted. */
  readonly size: number;
  readonly teacher: Net & { readonly training: Training };
  readonly student: Net;
  /**
   * One training per transfer set; the smallest set has more epochs, so that all make about as many steps.
   */
  readonly students: Readonly<Record<TransferName, Training>>;
  readonly soft: SoftSettings;
}

type Net = Omit<PerceptronOptions, 'seed'>;

/** How a student learns from the teacher. */
export interface SoftSettings {
  readonly temperature: number;
  /** Weight of the soft targets; the labels get the rest. */
  readonly softWeight: number;
}

/** Names of the transfer sets. */
export type TransferName = 'all digits' | 'no 3' | '7 and 8 only';

/** A transfer set and the paper's results for it. */
export interface Transfer {
  readonly name: TransferName;
  readonly without: readonly number[];
  /** Classes whose bias is corrected: the present classes or the omitted ones, whichever are fewer. */
  readonly corrected: readonly number[];
  readonly paper: { readonly errors: string; readonly correctedErrors: string; readonly offset: string };
}

/** The transfer sets of the paper, and all digits for comparison. */
export const transfers: readonly Transfer[] = [
  {
    name: 'all digits',
    without: [],
    corrected: [],
    paper: { errors: '74', correctedErrors: '', offset: '' },
  },
  {
    name: 'no 3',
    without: [3],
    corrected: [3],
    paper: { errors: '206 (133 on 3)', correctedErrors: '109 (14 on 3)', offset: '+3.5' },
  },
  {
    name: '7 and 8 only',
    without: [0, 1, 2, 3, 4, 5, 6, 9],
    corrected: [7, 8],
    paper: { errors: '4730', correctedErrors: '1320', offset: '-7.6' },
  },
];

const smallStudent = { batchSize: 128, learningRate: 0.002 };

/**
 * A trial of a few minutes. The teacher is the quickstart's; `npm run choose` chose the students' numbers.
 */
export const small: Settings = {
  size: 55_000,
  teacher: { units: 400, dropout: 0.2, training: { epochs: 6, batchSize: 256, learningRate: 0.002 } },
  student: { units: 200, dropout: 0 },
  students: {
    'all digits': { ...smallStudent, epochs: 5 },
    'no 3': { ...smallStudent, epochs: 5 },
    '7 and 8 only': { ...smallStudent, epochs: 25 },
  },
  soft: { temperature: 8, softWeight: 1 },
};

const fullStudent = { batchSize: 128, learningRate: 0.001 };

/** The paper's nets. It names neither optimizer nor epochs. */
export const full: Settings = {
  size: 55_000,
  teacher: { units: 1200, dropout: 0.5, training: { epochs: 100, batchSize: 128, learningRate: 0.0005 } },
  student: { units: 800, dropout: 0 },
  students: {
    'all digits': { ...fullStudent, epochs: 50 },
    'no 3': { ...fullStudent, epochs: 50 },
    '7 and 8 only': { ...fullStudent, epochs: 250 },
  },
  soft: { temperature: 20, softWeight: 1 },
};
