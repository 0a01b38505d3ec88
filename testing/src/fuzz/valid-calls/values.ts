// Small valid arguments, fresh at each call.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Batch, Teacher, TrainingTime } from '@kd/core';
import type { InMemoryData, StreamContext } from '@kd/data';
import { arraysTeacher } from '@kd/teacher';
import type { Student } from '@kd/recipe';
import { ones, tensor, train } from '@tensorflow/tfjs-core';
import type { Optimizer, Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';

export const rows: number[][] = [
  [0.25, 0.75],
  [0.5, 0.5],
];
/** Answers of a teacher. */
export const logits: number[][] = [
  [2, 0],
  [0, 3],
];
export const ids: string[] = ['a', 'b'];
export const time: TrainingTime = { step: 1, epoch: 0 };
export const context: StreamContext = { epoch: 0, seed: 1, skip: 0, pass: 0 };

/** `[2, 2]`: logits as well as probabilities. */
export const scores = (): Tensor2D => tensor(rows, [2, 2]);
export const classIds = (): Tensor => tensor([0, 1], [2], 'int32');
export const features = (channels = 2): Tensor => ones([2, 4, 4, channels]);
/** Logits of teacher and student, or probabilities. */
export const pair = (): [Tensor, Tensor] => [scores(), scores()];

/** The layers `<name>_hidden` and `<name>_out`, from 2 numbers to 2. */
export const net = (name = 'student'): LayersModel =>
  sequential({
    layers: [
      layers.dense({ units: 2, name: `${name}_hidden`, activation: 'tanh', inputShape: [2] }),
      layers.dense({ units: 2, name: `${name}_out` }),
    ],
  });

/** A model with maps `[4, 4, 2]`. */
export const convNet = (name: string): LayersModel =>
  sequential({
    layers: [
      layers.conv2d({
        filters: 2,
        kernelSize: 1,
        name: `${name}_conv`,
        activation: 'relu',
        inputShape: [4, 4, 1],
      }),
      layers.flatten({ name: `${name}_flat` }),
      layers.dense({ units: 2, name: `${name}_out` }),
    ],
  });

export const student = (): Student => ({ model: net(), convention: 'logits' });
export const teacher = (): Teacher =>
  arraysTeacher({ ids: [...ids], rows: logits }, { convention: 'logits', classes: ['x', 'y'] });

export const column = (): { values: Float32Array; shape: number[] } => ({
  values: Float32Array.from(rows.flat()),
  shape: [2, 2],
});
export const labels = (): Int32Array => Int32Array.of(0, 1);
export const data = (): InMemoryData => ({ inputs: column(), labels: labels(), ids: [...ids] });
export const batch = (): Batch => ({
  inputs: { input: scores() },
  targets: { labels: classIds() },
  ids: [...ids],
});
export const optimizer = (): Optimizer => train.sgd(0.1);

let patience = 500;
/** Ends a training that a hostile number has made endless. */
export const soon = (): AbortSignal => AbortSignal.timeout(patience);
/** Has `soon` wait longer, where all numbers are good and only the machine may be slow. */
export const bePatient = (): void => {
  patience = 60_000;
};

/** What another function or library made: a run replaces it as a whole, not its fields. */
export const opaque = <T extends object>(made: T): T => Object.assign(Object.create({}) as T, made);

let root: string | undefined;

/** An empty directory. */
export const directory = (): string => {
  root ??= mkdtempSync(join(tmpdir(), 'kd-fuzz-'));
  return mkdtempSync(join(root, 'd-'));
};

/** Removes all of these directories. */
export const removeDirectories = (): void => {
  if (root !== undefined) rmSync(root, { recursive: true, force: true });
  root = undefined;
};

/** Reads all batches. */
export const consume = async (batches: AsyncIterable<unknown> | Iterable<unknown>): Promise<unknown[]> => {
  const read: unknown[] = [];
  for await (const one of batches) if (read.push(one) >= 100) break;
  return read;
};
