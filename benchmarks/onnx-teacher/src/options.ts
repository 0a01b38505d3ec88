import { KdError } from '@kd/core';
import { whole } from '@kd-benchmarks/experiment';
import { perceptronCommand, sizesOf } from '@kd-benchmarks/experiment/perceptrons';
import type { PerceptronFlags } from '@kd-benchmarks/experiment/perceptrons';
import { full, small } from './settings.js';
import type { Settings } from './settings.js';

/** The options of the command line. */
export interface Options extends PerceptronFlags {
  /** Overrides the settings. */
  readonly transferSize?: number;
  /** An existing ONNX model; without it, Python trains one. */
  readonly teacher?: string;
  /** The Python that creates the virtual environment. */
  readonly python: string;
}

/** Reads the command line. For `--help` or a wrong option it prints a message and ends the process. */
export function readOptions(argv: readonly string[]): Options {
  return perceptronCommand(
    'onnx-teacher',
    'Distils a teacher that was trained in scikit-learn and exported to ONNX into a student.',
  )
    .option('--transfer-size <n>', 'digits that the students learn from', whole(100, 55_000))
    .option('--teacher <file>', 'your ONNX model, from pixels to ten logits; needs no Python')
    .option('--python <path>', 'Python that trains the teacher, 3.11 or newer', 'python3')
    .parse([...argv])
    .opts<Options>();
}

/** The settings that the options select, with their overrides. */
export function settingsOf(options: Options): Settings {
  checkTeacher(options);
  const settings = sizesOf(options.small === true ? small : full, options);
  const { transferSize = Math.min(settings.transferSize, settings.size) } = options;
  if (transferSize <= settings.size) return { ...settings, transferSize };
  throw new KdError({
    code: 'KD_OPTION_RANGE',
    where: 'onnx-teacher',
    argument: '--transfer-size',
    expected: `at most ${String(settings.size)}, because the students learn from digits of the teacher`,
    received: String(transferSize),
    remedy: 'Choose fewer digits, or a larger --size.',
  });
}

/** Throws where a flag for the training of a teacher would be ignored. */
function checkTeacher({ teacher, size, teacherEpochs }: Options): void {
  if (teacher === undefined || (size === undefined && teacherEpochs === undefined)) return;
  throw new KdError({
    code: 'KD_OPTION_UNKNOWN',
    where: 'onnx-teacher',
    argument: size === undefined ? '--teacher-epochs' : '--size',
    expected: 'omitted if --teacher is given',
    received: String(size ?? teacherEpochs),
    remedy: 'Remove it: it applies only to a teacher that is trained here.',
  });
}
