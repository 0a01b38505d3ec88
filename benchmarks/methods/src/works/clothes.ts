import { access } from 'node:fs/promises';
import { debianFolder, loadFashion } from '@kd-datasets/fashion-mnist';
import { loadDigits } from '@kd-datasets/mnist';
import { adam } from '@kd/optimizers';
import { cosine } from '@kd/schedule';
import { convolutional } from './convolutional.js';
import { part } from './work.js';
import type { Parts, Training, Work } from './work.js';

/** How large a trial is. */
export interface Size {
  readonly learning: number;
  readonly validation: number;
  readonly test: number;
  readonly students: number;
  readonly teacherEpochs: number;
  readonly epochs: number;
}

/** A student of 6,386 weights on 2,000 pictures, whose teacher of 94,634 has seen 50,000. */
export const whole: Size = {
  learning: 50_000,
  validation: 10_000,
  test: 10_000,
  students: 2_000,
  teacherEpochs: 10,
  epochs: 40,
};

/** Seconds, to see that all runs. */
export const tiny: Size = {
  learning: 256,
  validation: 100,
  test: 100,
  students: 128,
  teacherEpochs: 1,
  epochs: 2,
};

/** Pictures of clothes from a folder or from Debian's package; MNIST's digits if neither is there. */
export async function clothes(size: Size, folder: string | undefined): Promise<Work> {
  const hasClothes = folder !== undefined || (await isThere(debianFolder));
  const read = hasClothes ? (which: 'train' | 't10k') => loadFashion(which, folder) : loadDigits;
  return {
    name: `${hasClothes ? 'fashion-mnist' : 'mnist'}${size === tiny ? '-tiny' : ''}`,
    load: () => load(read, size),
    students: size.students,
    teacher: {
      net: (seed) => convolutional([32, 64, 128], seed),
      training: trained(size.teacherEpochs, 128, 0.002),
    },
    student: {
      net: (seed) => convolutional([8, 16, 32], seed),
      training: trained(size.epochs, 64, 0.04),
    },
  };
}

/** By Adam, at a rate that falls to zero along half a cosine wave. */
function trained(epochs: number, batchSize: number, learningRate: number): Training {
  const optimizer: Training['optimizer'] = (epochs, factor) =>
    adam({ learningRate: cosine({ from: factor * learningRate, to: 0, epochs }) });
  return { epochs, batchSize, optimizer };
}

async function load(
  read: (which: 'train' | 't10k') => ReturnType<typeof loadDigits>,
  { learning, validation, test }: Size,
): Promise<Parts> {
  const [train, t10k] = await Promise.all([read('train'), read('t10k')]);
  return {
    learning: part(train, 0, learning),
    validation: part(train, train.size - validation, train.size),
    test: part(t10k, 0, test),
  };
}

async function isThere(folder: string): Promise<boolean> {
  try {
    await access(folder);
    return true;
  } catch {
    return false;
  }
}
