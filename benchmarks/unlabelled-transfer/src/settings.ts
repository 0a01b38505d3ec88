import type { PerceptronOptions, Training } from '@kd-benchmarks/experiment/perceptrons';

type Net = Omit<PerceptronOptions, 'seed'>;

/** All settings of the experiment. */
export interface Settings {
  /** Digits available to learn from. */
  readonly size: number;
  /** Share of the digits that have labels, in (0, 1]. */
  readonly labelled: number;
  /** The teacher that knows all labels. */
  readonly teacher: Net & { readonly training: Training };
  /** The teacher that knows only the labelled share. */
  readonly smallTeacher: Net & { readonly training: Training };
  readonly student: Net;
  /** `few`: students that see only the labelled share; `many`: students that see all digits. */
  readonly students: Readonly<Record<'few' | 'many', Training>>;
  readonly soft: SoftSettings;
}

/** How a student learns from a teacher. */
export interface SoftSettings {
  readonly temperature: number;
  /** Weight of the soft targets; the labels, where there are some, get the rest. */
  readonly softWeight: number;
}

const smallStudent = { batchSize: 128, learningRate: 0.004 };

/**
 * A trial of a few minutes. The quickstart chose nets, learning rates and the temperature on validation
 * digits. The labels weigh considerably less than the soft targets, as the paper recommends.
 */
export const small: Settings = {
  size: 55_000,
  labelled: 0.03,
  teacher: { units: 400, dropout: 0.2, training: { epochs: 6, batchSize: 256, learningRate: 0.002 } },
  smallTeacher: { units: 400, dropout: 0.4, training: { epochs: 40, batchSize: 128, learningRate: 0.002 } },
  student: { units: 100, dropout: 0 },
  students: { few: { ...smallStudent, epochs: 60 }, many: { ...smallStudent, epochs: 4 } },
  soft: { temperature: 4, softWeight: 0.9 },
};

const fullStudent = { batchSize: 128, learningRate: 0.001 };

/** Nets of the sizes in the paper's section 3. */
export const full: Settings = {
  size: 55_000,
  labelled: 0.03,
  teacher: { units: 1200, dropout: 0.5, training: { epochs: 60, batchSize: 128, learningRate: 0.0005 } },
  smallTeacher: {
    units: 1200,
    dropout: 0.5,
    training: { epochs: 400, batchSize: 128, learningRate: 0.0005 },
  },
  student: { units: 800, dropout: 0 },
  students: { few: { ...fullStudent, epochs: 400 }, many: { ...fullStudent, epochs: 40 } },
  soft: { temperature: 20, softWeight: 0.9 },
};
