import type { PerceptronOptions, Training } from '@kd-benchmarks/experiment/perceptrons';

type Net = Omit<PerceptronOptions, 'seed'>;

/** All settings of the experiment. */
export interface Settings {
  /** Digits that all nets learn from. */
  readonly size: number;
  /** Nets in the ensemble. They differ in their first weights and in the order of the digits. */
  readonly members: number;
  /** How each member is trained. */
  readonly teacher: Net & { readonly training: Training };
  readonly student: Net;
  readonly students: Readonly<Record<'alone' | 'distilled', Training>>;
  readonly soft: SoftSettings;
}

/** How a student learns from its teachers. */
export interface SoftSettings {
  readonly temperature: number;
  /** Weight of the soft targets; the labels get the rest. */
  readonly softWeight: number;
}

const smallStudent = { epochs: 15, batchSize: 128, learningRate: 0.004 };

/**
 * A trial of a few minutes. The quickstart chose the student, its learning rate and its soft targets for the
 * same number of digits.
 */
export const small: Settings = {
  size: 10_000,
  members: 10,
  teacher: { units: 200, dropout: 0.2, training: { epochs: 15, batchSize: 128, learningRate: 0.002 } },
  student: { units: 100, dropout: 0 },
  students: { alone: smallStudent, distilled: smallStudent },
  soft: { temperature: 4, softWeight: 0.3 },
};

const fullStudent = { epochs: 60, batchSize: 128, learningRate: 0.001 };

/** Nets of the sizes in the paper's section 3, on all digits. */
export const full: Settings = {
  size: 55_000,
  members: 10,
  teacher: { units: 1200, dropout: 0.5, training: { epochs: 60, batchSize: 128, learningRate: 0.0005 } },
  student: { units: 800, dropout: 0 },
  students: { alone: fullStudent, distilled: fullStudent },
  soft: { temperature: 20, softWeight: 0.9 },
};
