import { createHash } from 'node:crypto';
import { access, mkdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { KdError } from '@kd/core';
import { select } from '@kd-datasets/mnist';
import type { Digits } from '@kd-datasets/mnist';
import { digitsOf } from '@kd-benchmarks/experiment/perceptrons';
import { environmentOf, isolated, runProgram } from '@kd-benchmarks/shared';
import { comparedDigits } from './open-teacher.js';
import type { Settings } from './settings.js';
import { writeDigits } from './write-digits.js';

const cache = '.cache/onnx-teacher';
const pathOf = (name: string): string => fileURLToPath(new URL(`../python/${name}`, import.meta.url));

/**
 * Writes digits and trains the teacher on them in Python, unless that was done before; returns the path of
 * its ONNX file.
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
    console.log(`Using the teacher in ${file}.`);
    return file;
  }
  const inside = await environmentOf(
    {
      folder: join(cache, 'python'),
      requirements,
      python,
      contents: 'scikit-learn and skl2onnx',
      where: 'onnx-teacher',
      instead: 'Or pass an existing teacher: --teacher model.onnx.',
    },
    signal,
  );
  await mkdir(folder, { recursive: true });
  await writeDigits(folder, 'learning', learning);
  await writeDigits(folder, 'unseen', select(validation, firstRows(comparedDigits)));
  console.log(
    `Training the teacher in Python on ${size.toLocaleString('en-US')} digits; if you stop it with Ctrl-C, it starts over ...`,
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
        ended.code === null ? 'a killed process' : `exit code ${String(ended.code)} and\n${ended.text}`,
      remedy: 'Run the same command again; the installed packages are kept.',
    });
  }
  // The model comes last, because its presence says that everything is complete.
  for (const ending of ['json', 'onnx']) {
    await rename(join(folder, `unfinished.${ending}`), join(folder, `teacher.${ending}`));
  }
  return file;
}

/** A hash of everything that the teacher depends on. */
async function keyOf(
  files: readonly string[],
  teacher: Settings['teacher'],
  { labels }: Digits,
): Promise<string> {
  const hash = createHash('sha256');
  for (const file of files) hash.update(await readFile(file));
  // The labels identify the digits and their order.
  return hash.update(JSON.stringify(teacher)).update(labels).digest('hex').slice(0, 12);
}

function firstRows(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, row) => row);
}
