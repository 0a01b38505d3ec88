import { namedWeights } from '@kd/model';
import { layersTeacher } from '@kd/teacher';
import { train } from '@tensorflow/tfjs-core';
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { StagesRun } from '@kd/trainer';
import { trainInTwoStages } from '../src/index.js';
import type { TwoStageOptions, TwoStageRecipe } from '../src/index.js';

const conv = (name: string, filters: number, seed: number, more = {}): layers.Layer =>
  layers.conv2d({
    name,
    filters,
    kernelSize: 3,
    padding: 'same',
    activation: 'relu',
    kernelInitializer: initializers.heNormal({ seed }),
    ...more,
  });

/** Two wide layers of 6 x 6, the second of half the size. */
export function wideTeacher(seed = 1): LayersModel {
  return sequential({
    name: 'teacher',
    layers: [
      conv('wide_1', 6, seed, { inputShape: [6, 6, 1] }),
      conv('wide_2', 5, seed + 1, { strides: 2 }),
      layers.flatten(),
      layers.dense({
        name: 'logits',
        units: 3,
        kernelInitializer: initializers.heNormal({ seed: seed + 2 }),
      }),
    ],
  });
}

/** Thinner and deeper, with batch normalisation below and above the guided layer, and dropout. */
export function thinStudent(seed = 11): LayersModel {
  return sequential({
    name: 'student',
    layers: [
      conv('thin_1', 3, seed, { inputShape: [6, 6, 1] }),
      layers.batchNormalization({ name: 'norm_1' }),
      conv('thin_2', 3, seed + 1),
      conv('thin_3', 3, seed + 2),
      layers.batchNormalization({ name: 'norm_2' }),
      layers.dropout({ name: 'dropout', rate: 0.2 }),
      layers.flatten(),
      layers.dense({
        name: 'logits',
        units: 3,
        kernelInitializer: initializers.heNormal({ seed: seed + 3 }),
      }),
    ],
  });
}

/** Images of three classes, and their labels. */
export function images(
  count: number,
  from = 0,
): { inputs: { values: Float32Array; shape: number[] }; labels: Int32Array } {
  const values = Float32Array.from({ length: count * 36 }, (_, index) => Math.sin((from * 36 + index) ** 2));
  return {
    inputs: { values, shape: [count, 6, 6, 1] },
    labels: Int32Array.from({ length: count }, (_, row) => (row * 7) % 3),
  };
}

/** Recipe and options of a training in two stages as one object; `run` splits it. */
export type Given = TwoStageRecipe & TwoStageOptions;

/** A training in two short stages of a student whose middle layer learns to match the teacher's. */
export function options(student: LayersModel, more: Partial<Given> = {}): Given {
  const optimizer = (): ReturnType<typeof train.rmsprop> => train.rmsprop(0.005);
  return {
    teacher: layersTeacher(wideTeacher(), { convention: 'logits' }),
    student: { model: student, convention: 'logits' },
    hint: 'wide_2',
    guided: 'thin_2',
    data: images(12),
    batchSize: 4,
    seed: 3,
    hints: { epochs: 2, optimizer },
    distillation: { epochs: 2, optimizer },
    ...more,
  };
}

const ofRecipe = ['teacher', 'student', 'hint', 'guided', 'regressor', 'temperature', 'lambda', 'hardWeight', 'strategy', 'jointHintWeight']; // prettier-ignore

/** Trains with recipe and options in one object. */
export function run(given: Given): Promise<StagesRun> {
  const part = (isOfRecipe: boolean): never =>
    Object.fromEntries(
      Object.entries(given).filter(([name]) => ofRecipe.includes(name) === isOfRecipe),
    ) as never;
  return trainInTwoStages(part(true), part(false));
}

/** Every weight of a model by name. */
export function weightsOf(model: LayersModel): Record<string, number[]> {
  return Object.fromEntries(
    namedWeights(model).map(({ name, variable }) => [name, Array.from(variable.dataSync())]),
  );
}

/** Names of the weights in which a bit differs. */
export function changed(before: Record<string, number[]>, after: Record<string, number[]>): string[] {
  return Object.keys(before).filter((name) =>
    before[name]?.some((value, index) => !Object.is(value, after[name]?.[index])),
  );
}
