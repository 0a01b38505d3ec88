import type { PerceptronOptions, Training } from '@kd-benchmarks/experiment/perceptrons';

/** All settings of the experiment. */
export interface Settings {
  /** Digits that the teacher learns from. */
  readonly size: number;
  /** Digits that the students learn from: a part of the teacher's digits. */
  readonly transferSize: number;
  readonly teacher: { readonly units: number; readonly training: Training };
  readonly student: Omit<PerceptronOptions, 'seed'>;
  readonly students: Readonly<Record<'alone' | 'distilled', Training>>;
  readonly soft: SoftSettings;
}

/** How a student learns from the teacher. */
export interface SoftSettings {
  readonly temperature: number;
  /** Weight of the soft targets; the labels get the rest. */
  readonly softWeight: number;
}

const smallStudent = { epochs: 15, batchSize: 128, learningRate: 0.004 };

/** A trial of a few minutes. The quickstart chose student, learning rates and soft targets. */
export const small: Settings = {
  size: 55_000,
  transferSize: 10_000,
  teacher: { units: 400, training: { epochs: 8, batchSize: 256, learningRate: 0.001 } },
  student: { units: 100, dropout: 0 },
  students: { alone: smallStudent, distilled: smallStudent },
  soft: { temperature: 4, softWeight: 0.3 },
};

const fullStudent = { ...smallStudent, epochs: 30 };

/** A larger teacher, and students with twice the epochs. */
export const full: Settings = {
  ...small,
  teacher: { units: 1200, training: { epochs: 20, batchSize: 256, learningRate: 0.001 } },
  students: { alone: fullStudent, distilled: fullStudent },
};
