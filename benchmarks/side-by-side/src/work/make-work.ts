import { access, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { adam } from '@kd/optimizers';
import { defineRecipe } from '@kd/recipe';
import { hardTarget } from '@kd/soft-target-loss';
import { train } from '@kd/trainer';
import { readWeights } from '@kd-benchmarks/experiment';
import { asData, loadDigits, slice } from '@kd-datasets/mnist';
import type { Digits } from '@kd-datasets/mnist';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { perceptron } from '../perceptron.js';
import type { Settings } from '../settings.js';
import { bytesOf, digestOf } from './digested-file.js';
import { files, readShapes, readWork, shapesOfWork } from './read-work.js';
import { joined } from './weights.js';

/** A work that is on disk. */
export interface MadeWork {
  readonly folder: string;
  /** Tells works apart. */
  readonly key: string;
}

/**
 * Trains the teacher and writes the files of a work on the current backend, unless that was done before;
 * throws `KD_FILE_READ` if they are damaged.
 */
export async function makeWork(root: string, settings: Settings): Promise<MadeWork> {
  const folder = join(root, `work-${digestOf(Buffer.from(JSON.stringify(settings))).slice(0, 12)}`);
  if (!(await exists(join(folder, 'shapes.json')))) await writeWork(folder, settings);
  const { digests } = await readShapes(folder);
  // Python reads the files without looking at the digests.
  await readWork(folder);
  const key = digestOf(Buffer.from(JSON.stringify([settings, digests]))).slice(0, 12);
  return { folder, key };
}

async function writeWork(folder: string, settings: Settings): Promise<void> {
  const { units, batchSize, batches, teacherDigits } = settings;
  const all = await loadDigits('train');
  const seen = slice(all, 0, batchSize * batches);
  console.log(`Training the teacher on ${teacherDigits.toLocaleString('en-US')} digits ...`);
  const teacher = await trainedTeacher(slice(all, 0, teacherDigits), settings);
  const student = perceptron(units.student, 'relu');
  const contents = {
    student: bytesOf(joined(await readWeights(student))),
    teacher: bytesOf(joined(await readWeights(teacher))),
    images: bytesOf(seen.images),
    labels: bytesOf(seen.labels),
  };
  student.dispose();
  teacher.dispose();
  const unfinished = `${folder}.new`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  for (const name of files) await writeFile(join(unfinished, `${name}.bin`), contents[name]);
  const digests = {
    student: digestOf(contents.student),
    teacher: digestOf(contents.teacher),
    images: digestOf(contents.images),
    labels: digestOf(contents.labels),
  };
  await writeFile(join(unfinished, 'shapes.json'), JSON.stringify(shapesOfWork(settings, digests), null, 2));
  // Of a damaged work, `shapes.json` may have been deleted.
  await rm(folder, { recursive: true, force: true });
  await rename(unfinished, folder);
}

async function trainedTeacher(digits: Digits, { units, teacherEpochs }: Settings): Promise<LayersModel> {
  const model = perceptron(units.teacher, 'relu', 4);
  const recipe = defineRecipe({ student: { model, convention: 'logits' }, terms: [hardTarget()] });
  await train(recipe, {
    data: asData(digits),
    batchSize: 128,
    epochs: teacherEpochs,
    optimizer: () => adam({ learningRate: 0.002 }),
    seed: 1,
  });
  return model;
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
