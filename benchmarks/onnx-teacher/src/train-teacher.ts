import { createHash } from 'node:crypto';
import { access, mkdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { KdError } from '@kd/core';
import { select } from '@kd-datasets/mnist';
import type { Digits } from '@kd-datasets/mnist';
import { digitsOf } from '@kd-benchmarks/experiment/perceptrons';
import { environmentOf, isolated } from './environment.js';
import { comparedDigits } from './open-teacher.js';
import { runProgram } from './run-program.js';
import type { Settings } from './settings.js';
import { writeDigits } from './write-digits.js';

const cache = '.cache/onnx-teacher';
const pathOf = (name: string): string => fileURLToPath(new URL(`../python/${name}`, import.meta.url));

/**
 * Trains the teacher in Python on digits that are written for it, unless that was done before; gives the path
 * of its ONNX file.
 */
export async function trainTeacher(settings: Settings, python: string, signal: AbortSignal): Promise<string> {
  const { size, teacher } = settings;
  const { learning, validation } = await digitsOf({ count: size });
  const [script, requirements] = [pathOf('train_teacher.py'), pathOf('requirements.txt')];
  const folder = join(cache, await keyOf([script, requirements], teacher, learning));
  const file = join(folder, 'teacher.onnx');
  const isThere = await access(file).then(
    () => true,
    () => false,
  );
  if (isThere) {
    console.log(`The teacher is in ${file} already.`);
    return file;
  }
  const inside = await environmentOf(join(cache, 'python'), requirements, python, signal);
  await mkdir(folder, { recursive: true });
  await writeDigits(folder, 'learning', learning);
  await writeDigits(folder, 'unseen', select(validation, firstRows(comparedDigits)));
  console.log(
    `Training the teacher in Python on ${size.toLocaleString('en-US')} digits; after Ctrl-C it begins anew ...`,
  );
  const { epochs, batchSize, learningRate } = teacher.training;
  const flags = {
    data: folder,
    out: join(folder, 'unfinished'),
    units: teacher.units,
    epochs,
    'batch-size': batchSize,
    'learning-rate': learningRate,
  };
  const written = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const ended = await runProgram(inside, [isolated, script, ...written], signal);
  if (ended.code !== 0) {
    throw new KdError({
      code: 'KD_BUILD_FAILED',
      where: 'onnx-teacher',
      argument: 'python/train_teacher.py',
      expected: 'able to train and export the teacher',
      received:
        ended.code === null
          ? 'a process that was ended'
          : `exit code ${String(ended.code)} and\n${ended.text}`,
      remedy: 'Run the same command again; what was installed stays.',
    });
  }
  // The model last, as it is what says that all is there.
  for (const ending of ['json', 'onnx']) {
    await rename(join(folder, `unfinished.${ending}`), join(folder, `teacher.${ending}`));
  }
  return file;
}

/** What is the same whenever the teacher is. */
async function keyOf(
  files: readonly string[],
  teacher: Settings['teacher'],
  { labels }: Digits,
): Promise<string> {
  const hash = createHash('sha256');
  for (const file of files) hash.update(await readFile(file));
  // The labels stand for the choice of the digits and their order.
  return hash.update(JSON.stringify(teacher)).update(labels).digest('hex').slice(0, 12);
}

function firstRows(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, row) => row);
}
