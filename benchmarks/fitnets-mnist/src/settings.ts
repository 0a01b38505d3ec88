import type { Arm } from './arm.js';
import type { Training } from './job.js';
import { guidedLayer, paperStudent, paperTeacher, smallStudent, smallTeacher } from './plans.js';
import type { Plan } from './plan.js';

/** All settings of an experiment. */
export interface Settings {
  readonly teacherPlan: Plan;
  readonly studentPlan: Plan;
  /** Digits that choose the best epoch. */
  readonly validation: number;
  /** Digits that the teacher learns from. */
  readonly teaching: number;
  /** Digits that the students learn from. */
  readonly transfer: number;
  readonly teacher: Training;
  readonly arms: readonly Arm[];
  readonly depth: DepthSettings;
}

/**
 * The depth study. All depths and ways share these numbers: the question is which of them learn, not how
 * well.
 */
export interface DepthSettings {
  readonly depths: readonly number[];
  /** Limit of multiplications per image for each student. */
  readonly budget: number;
  readonly training: Training;
  /** Of these epochs, the number that the first of two stages takes. */
  readonly hintEpochs: number;
  /** Range of the first weights. */
  readonly uniform: number;
}

/** Names of the ways of training, in the order of the table. */
export const armNames = ['backprop', 'KD', 'hints and KD, joint', 'hints, then KD'] as const;

/** How each way trains. */
interface Trainings {
  readonly labels: Training;
  readonly distilled: Training;
  readonly joint: Training;
  readonly afterHints: Training;
  readonly hints: Pick<Training, 'epochs' | 'learningRate'>;
}

/** The four ways to train a student whose layer `guided` learns the hint. */
export function armsOf(guided: string, trainings: Trainings): [Arm, Arm, Arm, Arm] {
  const { labels, distilled, joint, afterHints, hints } = trainings;
  const [first, second, third, fourth] = armNames;
  return [
    { name: first, training: labels },
    { name: second, training: distilled, teaching: {} },
    { name: third, training: joint, teaching: { hints: { guided, strategy: 'joint' } } },
    {
      name: fourth,
      training: afterHints,
      teaching: { hints: { guided, strategy: 'two stages', stage: hints } },
    },
  ];
}

/**
 * The ways of training in the depth study: labels alone, KD, and hints, then KD. All have the same total
 * number of epochs.
 */
export function depthArmsOf(guided: string, { training, hintEpochs }: DepthSettings): Arm[] {
  const { epochs, learningRate } = training;
  const afterHints = { ...training, epochs: epochs - hintEpochs };
  const hints = { epochs: hintEpochs, learningRate };
  const [labels, distilled, , twoStages] = armsOf(guided, {
    labels: training,
    distilled: training,
    joint: training,
    afterHints,
    hints,
  });
  return [labels, distilled, twoStages];
}

// Range of the first weights in the paper's published configurations.
const uniform = 0.005;

/**
 * Learning rates of `--small`: those with the lowest validation error in `npm run choose`, on other seeds and
 * with one more epoch.
 */
export const smallTrainings: Trainings = {
  labels: { epochs: 7, batchSize: 16, learningRate: 0.004 },
  distilled: { epochs: 7, batchSize: 16, learningRate: 0.004 },
  joint: { epochs: 7, batchSize: 16, learningRate: 0.008 },
  // As many epochs in total as the others.
  hints: { epochs: 2, learningRate: 0.008 },
  afterHints: { epochs: 5, batchSize: 16, learningRate: 0.008 },
};

/** A trial of a few minutes. */
export const small: Settings = {
  teacherPlan: smallTeacher,
  studentPlan: smallStudent,
  validation: 1000,
  teaching: 20_000,
  transfer: 2000,
  teacher: { epochs: 2, batchSize: 32, learningRate: 0.002 },
  arms: armsOf(guidedLayer, smallTrainings),
  depth: {
    depths: [3, 7, 11, 13, 15],
    budget: 1_000_000,
    training: { epochs: 12, batchSize: 16, learningRate: 0.004 },
    hintEpochs: 4,
    uniform,
  },
};

// The paper's nets, batches and loss weights; its λ falls over 150 epochs. Adam replaces its RMSProp.
const paperTraining: Training = { epochs: 150, batchSize: 128, learningRate: 0.0005, patience: 100 };

/** The paper's nets on all digits. */
export const full: Settings = {
  teacherPlan: paperTeacher,
  studentPlan: paperStudent,
  validation: 5000,
  teaching: 55_000,
  transfer: 55_000,
  teacher: { ...paperTraining, patience: 20 },
  arms: armsOf(guidedLayer, {
    labels: paperTraining,
    distilled: paperTraining,
    joint: paperTraining,
    afterHints: paperTraining,
    hints: { epochs: 150, learningRate: 0.0005 },
  }),
  depth: {
    depths: [3, 7, 11, 13, 15],
    budget: 5_300_000,
    training: paperTraining,
    hintEpochs: 50,
    uniform,
  },
};
