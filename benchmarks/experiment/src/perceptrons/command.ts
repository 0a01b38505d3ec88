import { experimentCommand, whole } from '../flags.js';
import type { ExperimentFlags } from '../flags.js';
import { learningSize } from './digits.js';
import type { Training } from './job.js';

/** What the command line of these experiments says. */
export interface PerceptronFlags extends ExperimentFlags {
  /** Small nets, for minutes on two cores. */
  readonly small?: boolean;
  /** Students of each kind. */
  readonly seeds: number;
  /** Override those of the settings. */
  readonly size?: number;
  readonly epochs?: number;
  readonly teacherEpochs?: number;
}

/** The command line that these experiments have. */
export function perceptronCommand(name: string, description: string): ReturnType<typeof experimentCommand> {
  return experimentCommand(name, description)
    .option('--small', 'small nets, for minutes on two cores')
    .option('--seeds <n>', 'students of each kind', whole(1, 20), 3)
    .option('--size <n>', 'digits that are learnt from', whole(100, learningSize))
    .option('--epochs <n>', 'epochs of each student', whole(1, 10_000))
    .option('--teacher-epochs <n>', 'epochs of each teacher', whole(1, 10_000));
}

/** The settings of an experiment with what the command line overrides. */
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

/** The part of the settings that the command line overrides. */
interface Sizes {
  readonly size: number;
  readonly teacher: { readonly training: Training };
  readonly students: Readonly<Record<string, Training>>;
}

function withEpochs(training: Training, epochs: number | undefined): Training {
  return { ...training, epochs: epochs ?? training.epochs };
}
