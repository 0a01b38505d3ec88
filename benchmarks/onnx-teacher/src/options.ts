import { KdError } from '@kd/core';
import { whole } from '@kd-benchmarks/experiment';
import { perceptronCommand, sizesOf } from '@kd-benchmarks/experiment/perceptrons';
import type { PerceptronFlags } from '@kd-benchmarks/experiment/perceptrons';
import { full, small } from './settings.js';
import type { Settings } from './settings.js';

/** What the command line says. */
export interface Options extends PerceptronFlags {
  /** Overrides that of the settings. */
  readonly transferSize?: number;
  /** An ONNX model that is there already; without it, one is trained in Python. */
  readonly teacher?: string;
  /** Python that makes the virtual environment. */
  readonly python: string;
}

/** Reads the command line; prints help or the fault and ends the process if there is one. */
export function readOptions(argv: readonly string[]): Options {
  return perceptronCommand(
    'onnx-teacher',
    'Distils a teacher that scikit-learn trained and ONNX carries into a student.',
  )
    .option('--transfer-size <n>', 'digits that the students learn from', whole(100, 55_000))
    .option('--teacher <file>', 'an ONNX model of your own, from pixels to ten logits; needs no Python')
    .option('--python <path>', 'Python that trains the teacher, 3.11 or newer', 'python3')
    .parse([...argv])
    .opts<Options>();
}

/** The settings that the options name, with what they override. */
export function settingsOf(options: Options): Settings {
  checkTeacher(options);
  const settings = sizesOf(options.small === true ? small : full, options);
  const { transferSize = Math.min(settings.transferSize, settings.size) } = options;
  if (transferSize <= settings.size) return { ...settings, transferSize };
  throw new KdError({
    code: 'KD_OPTION_RANGE',
    where: 'onnx-teacher',
    argument: '--transfer-size',
    expected: `at most ${String(settings.size)}, as the students learn from digits of the teacher`,
    received: String(transferSize),
    remedy: 'Choose fewer, or a larger --size.',
  });
}

/** Throws where a flag for the training of a teacher would be ignored. */
function checkTeacher({ teacher, size, teacherEpochs }: Options): void {
  if (teacher === undefined || (size === undefined && teacherEpochs === undefined)) return;
  throw new KdError({
    code: 'KD_OPTION_UNKNOWN',
    where: 'onnx-teacher',
    argument: size === undefined ? '--teacher-epochs' : '--size',
    expected: 'left out beside --teacher',
    received: String(size ?? teacherEpochs),
    remedy: 'It is for a teacher that is trained here.',
  });
}
