import { experimentCommand, whole } from '@kd-benchmarks/experiment';
import type { ExperimentFlags } from '@kd-benchmarks/experiment';
import type { Arm } from './arm.js';
import type { Training } from './job.js';
import { full, small } from './settings.js';
import type { DepthSettings, Settings } from './settings.js';

/** The options of both programs. */
export interface Options extends ExperimentFlags {
  /** Use small nets and few digits, which train in minutes on two cores. */
  readonly small?: boolean;
  /** Students of each kind. */
  readonly seeds: number;
  /** Overrides the settings. */
  readonly teacherSize?: number;
  readonly transferSize?: number;
  readonly epochs?: number;
  readonly teacherEpochs?: number;
}

/** The command line of both programs. */
export function fitnetsCommand(name: string, description: string): ReturnType<typeof experimentCommand> {
  return experimentCommand(name, description)
    .option('--small', 'use small nets and few digits, which train in minutes on two cores')
    .option('--seeds <n>', 'students of each kind', whole(1, 20), 3)
    .option('--teacher-size <n>', 'digits that the teacher learns from', whole(100, 55_000))
    .option('--transfer-size <n>', 'digits that the students learn from', whole(100, 55_000))
    .option('--epochs <n>', 'maximum epochs of each stage of a student', whole(1, 10_000))
    .option('--teacher-epochs <n>', 'maximum epochs of the teacher', whole(1, 10_000));
}

/** The settings that the options select, with their overrides. */
export function settingsOf(options: Options): Settings {
  const settings = options.small === true ? small : full;
  return {
    ...settings,
    teaching: options.teacherSize ?? settings.teaching,
    transfer: options.transferSize ?? settings.transfer,
    teacher: withEpochs(settings.teacher, options.teacherEpochs),
    arms: settings.arms.map((arm) => armWithEpochs(arm, options.epochs)),
    depth: depthWithEpochs(settings.depth, options.epochs),
  };
}

function armWithEpochs(arm: Arm, epochs: number | undefined): Arm {
  const hints = arm.teaching?.hints;
  const stage = hints?.stage;
  return {
    ...arm,
    training: withEpochs(arm.training, epochs),
    ...(hints === undefined || stage === undefined
      ? {}
      : { teaching: { hints: { ...hints, stage: { ...stage, epochs: epochs ?? stage.epochs } } } }),
  };
}

function depthWithEpochs(depth: DepthSettings, epochs: number | undefined): DepthSettings {
  if (epochs === undefined) return depth;
  return { ...depth, training: { ...depth.training, epochs: 2 * epochs }, hintEpochs: epochs };
}

function withEpochs(training: Training, epochs: number | undefined): Training {
  return { ...training, epochs: epochs ?? training.epochs };
}
