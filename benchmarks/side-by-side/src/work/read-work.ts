import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Weights } from '@kd-benchmarks/experiment';
import { pixels } from '@kd-datasets/mnist';
import type { Settings } from '../settings.js';
import { damaged, readDigested } from './digested-file.js';
import { shapesOf, split } from './weights.js';

/** The weights that all peers start from, and the batches that they see, one after the other. */
export interface Work {
  readonly student: Weights;
  readonly teacher: Weights;
  readonly units: Settings['units'];
  readonly images: Float32Array;
  readonly labels: Int32Array;
  readonly batch: number;
}

/** The files of a work, apart from `shapes.json`. */
export const files = ['student', 'teacher', 'images', 'labels'] as const;

/** What `shapes.json` says: for Python the shapes, and for us what the other files have to be. */
export interface Shapes {
  readonly units: Settings['units'];
  readonly batch: number;
  readonly pixels: number;
  readonly student: readonly (readonly number[])[];
  readonly teacher: readonly (readonly number[])[];
  readonly digests: Readonly<Record<(typeof files)[number], string>>;
}

/** The shapes of a work. */
export function shapesOfWork({ units, batchSize }: Settings, digests: Shapes['digests']): Shapes {
  const [student, teacher] = [shapesOf(pixels, units.student), shapesOf(pixels, units.teacher)];
  return { units, batch: batchSize, pixels, student, teacher, digests };
}

/** Reads a work from its folder; throws `KD_FILE_READ` if a file is damaged. */
export async function readWork(folder: string): Promise<Work> {
  const { units, batch, digests, ...shapes } = await readShapes(folder);
  const [student, teacher, images, labels] = await Promise.all(
    files.map((name) => readDigested(join(folder, `${name}.bin`), digests[name])),
  );
  return {
    student: split(new Float32Array(student as ArrayBuffer), shapes.student),
    teacher: split(new Float32Array(teacher as ArrayBuffer), shapes.teacher),
    units,
    images: new Float32Array(images as ArrayBuffer),
    labels: new Int32Array(labels as ArrayBuffer),
    batch,
  };
}

/** Reads `shapes.json`; throws `KD_FILE_READ` if it is damaged. */
export async function readShapes(folder: string): Promise<Shapes> {
  const file = join(folder, 'shapes.json');
  const text = await readFile(file, 'utf8');
  try {
    const shapes = JSON.parse(text) as Partial<Shapes>;
    if (files.every((name) => shapes.digests?.[name] !== undefined)) return shapes as Shapes;
  } catch (cause) {
    throw damaged(file, `${String(text.length)} characters that do not parse`, cause);
  }
  throw damaged(file, 'JSON without the digests of the other files');
}
