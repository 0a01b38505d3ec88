import type { PerceptronOptions, Training } from '@kd-benchmarks/experiment/perceptrons';

/** All that makes up the experiment. */
export interface Settings {
  /** Digits that the teacher learns from; the students have those of them that are not omitted. */
  readonly size: number;
  readonly teacher: Net & { readonly training: Training };
  readonly student: Net;
  /** Of each set; the smaller one has as many steps as the others, in more epochs. */
  readonly students: Readonly<Record<TransferName, Training>>;
  readonly soft: SoftSettings;
}

type Net = Omit<PerceptronOptions, 'seed'>;

/** How a student learns from the teacher. */
export interface SoftSettings {
  readonly temperature: number;
  /** Weight of the soft targets; the labels have the rest. */
  readonly softWeight: number;
}

/** Names of the transfer sets. */
export type TransferName = 'all digits' | 'no 3' | '7 and 8 only';

/** A transfer set, and what it leads to in the paper. */
export interface Transfer {
  readonly name: TransferName;
  readonly without: readonly number[];
  /** Classes whose bias is corrected: the fewer of those that are there and those that are not. */
  readonly corrected: readonly number[];
  readonly paper: { readonly errors: string; readonly correctedErrors: string; readonly offset: string };
}

/** The transfer sets of the paper, and all digits beside them. */
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

/** A try of minutes. Teacher as in the quickstart; the students' numbers are those of `npm run choose`. */
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
