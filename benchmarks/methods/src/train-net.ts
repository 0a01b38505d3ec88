import type { Teacher } from '@kd/core';
import { augmentedStream } from '@kd/data';
import type { InMemoryData } from '@kd/data';
import { hardTarget } from '@kd/soft-target-loss';
import { trainStages } from '@kd/trainer';
import type { TrainEvent } from '@kd/trainer';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Method, MethodStage } from './methods/method.js';
import type { Learner, Pictures, TappedNet, Training } from './works/work.js';

/** What all trainings of a process share. */
export interface Surroundings {
  readonly signal: AbortSignal;
  readonly onEvent: (event: TrainEvent) => void;
}

/** Pictures for a net, in its shape of an input. */
function dataFor({ model }: TappedNet, { images, labels, ids, size }: Pictures): InMemoryData {
  const shape = model.inputs[0]?.shape.slice(1) as number[];
  return { inputs: { values: images, shape: [size, ...shape] }, labels, ids };
}

/** Trains the teacher on the labels. */
export async function trainTeacher(
  { net, training }: Learner,
  pictures: Pictures,
  surroundings: Surroundings,
): Promise<TappedNet> {
  const made = net(1);
  const stages = [{ name: 'train', share: 1, terms: [hardTarget()] }];
  await train(made, stages, { training, pictures, seed: 1, surroundings });
  return made;
}

/** What a student learns. */
export interface Lesson {
  readonly method: Method;
  readonly candidate: number;
  readonly seed: number;
  readonly pictures: Pictures;
  readonly teacher: { readonly net: TappedNet; readonly asked: Teacher };
}

/** Trains a student; those of one seed start from the same weights and see the same batches. */
export async function trainStudent(
  { net, training }: Learner,
  { method, candidate, seed, pictures, teacher }: Lesson,
  surroundings: Surroundings,
): Promise<TappedNet> {
  const student = net(1000 * seed);
  const stages = method.stages({ student, teacher: teacher.net, epochs: training.epochs }, candidate);
  await train(student, stages, {
    training,
    factor: method.searchesRate === true ? candidate : 1,
    pictures,
    seed,
    surroundings,
    ...(method.reads === 'labels' ? {} : { teacher: teacher.asked }),
  });
  return student;
}

interface Conditions {
  readonly training: Training;
  /** Of the learning rate. */
  readonly factor?: number;
  readonly pictures: Pictures;
  readonly seed: number;
  readonly surroundings: Surroundings;
  readonly teacher?: Teacher;
}

async function train(
  net: TappedNet,
  stages: readonly MethodStage[],
  { training, factor = 1, pictures, seed, surroundings, teacher }: Conditions,
): Promise<LayersModel> {
  const { batchSize, augmentations } = training;
  const data = dataFor(net, pictures);
  const { student } = await trainStages(
    {
      student: { model: net.model, convention: 'logits' },
      ...(teacher === undefined ? {} : { teacher }),
      stages: stages.map(({ name, share, terms, trainable }) => {
        const epochs = Math.max(1, Math.round(share * training.epochs));
        const optimizer = () => training.optimizer(epochs, factor);
        return { name, terms, epochs, optimizer, ...(trainable && { trainable }) };
      }),
    },
    {
      ...(augmentations === undefined
        ? { data, batchSize }
        : { data: augmentedStream(data, { augmentations, batchSize }) }),
      seed,
      ...surroundings,
    },
  );
  return student.model;
}
