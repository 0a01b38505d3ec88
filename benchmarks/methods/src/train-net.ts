import type { Teacher } from '@kd/core';
import { asData } from '@kd-datasets/mnist';
import type { Digits } from '@kd-datasets/mnist';
import { adam } from '@kd/optimizers';
import { cosine } from '@kd/schedule';
import { hardTarget } from '@kd/soft-target-loss';
import { trainStages } from '@kd/trainer';
import type { TrainEvent } from '@kd/trainer';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Method, MethodStage } from './methods/method.js';
import type { Learner, TappedNet, Training } from './works/work.js';

/** What all trainings of a process share. */
export interface Surroundings {
  readonly signal: AbortSignal;
  readonly onEvent: (event: TrainEvent) => void;
}

/** Pictures for a net, with its shape of an input. */
export function dataFor({ model }: TappedNet, pictures: Digits): ReturnType<typeof asData> {
  return asData(pictures, model.inputs[0]?.shape.slice(1) as number[]);
}

/** Trains the teacher on the labels. */
export async function trainTeacher(
  { net, training }: Learner,
  pictures: Digits,
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
  readonly pictures: Digits;
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
  const factor = method.searchesRate === true ? candidate : 1;
  await train(student, stages, {
    training: { ...training, learningRate: training.learningRate * factor },
    pictures,
    seed,
    surroundings,
    ...(method.reads === 'labels' ? {} : { teacher: teacher.asked }),
  });
  return student;
}

interface Conditions {
  readonly training: Training;
  readonly pictures: Digits;
  readonly seed: number;
  readonly surroundings: Surroundings;
  readonly teacher?: Teacher;
}

async function train(
  net: TappedNet,
  stages: readonly MethodStage[],
  { training, pictures, seed, surroundings, teacher }: Conditions,
): Promise<LayersModel> {
  const { learningRate: from, batchSize } = training;
  const { student } = await trainStages(
    {
      student: { model: net.model, convention: 'logits' },
      ...(teacher === undefined ? {} : { teacher }),
      stages: stages.map(({ name, share, terms, trainable }) => {
        const epochs = Math.max(1, Math.round(share * training.epochs));
        // The rate falls to zero along half a cosine wave.
        const optimizer = () => adam({ learningRate: cosine({ from, to: 0, epochs }) });
        return { name, terms, epochs, optimizer, ...(trainable && { trainable }) };
      }),
    },
    { data: dataFor(net, pictures), batchSize, seed, ...surroundings },
  );
  return student.model;
}
