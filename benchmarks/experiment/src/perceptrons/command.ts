import { experimentCommand, whole } from '../flags.js';
import type { ExperimentFlags } from '../flags.js';
import { learningSize } from './digits.js';
import type { Training } from './job.js';

/** The command-line options of these experiments. */
export interface PerceptronFlags extends ExperimentFlags {
  /** Use small nets, which train in minutes on two cores. */
  readonly small?: boolean;
  /** Students of each kind. */
  readonly seeds: number;
  /** Overrides the settings. */
  readonly size?: number;
  readonly epochs?: number;
  readonly teacherEpochs?: number;
}

/** The command line of these experiments. */
export function perceptronCommand(name: string, description: string): ReturnType<typeof experimentCommand> {
  return experimentCommand(name, description)
    .option('--small', 'use small nets, which train in minutes on two cores')
    .option('--seeds <n>', 'students of each kind', whole(1, 20), 3)
    .option('--size <n>', 'digits to learn from', whole(100, learningSize))
    .option('--epochs <n>', 'epochs of each student', whole(1, 10_000))
    .option('--teacher-epochs <n>', 'epochs of each teacher', whole(1, 10_000));
}

/** The settings of an experiment, with the overrides of the command line. */
export function sizesOf<Settings extends Sizes>(settings: Settings, flags: PerceptronFlags): Settings {
  const { size = settings.size, epochs, teacherEpochs } = flags;
  const students = Object.entries(settings.students).map(([name, training]) => [
    name,
    withEpochs(training, epochs),
  ]);
  return {
    ...settings,
    size,
    teacher: { ...settings.teacher, training: withEpochs(settings.teacher.training, teacherEpochs) },
    students: Object.fromEntries(students) as Settings['students'],
  };
}

/** The settings that the command line can override. */
interface Sizes {
  readonly size: number;
  readonly teacher: { readonly training: Training };
  readonly students: Readonly<Record<string, Training>>;
}

function withEpochs(training: Training, epochs: number | undefined): Training {
  return { ...training, epochs: epochs ?? training.epochs };
}
