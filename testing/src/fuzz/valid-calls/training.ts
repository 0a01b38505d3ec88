import type * as recipeModule from '@kd/recipe';
import * as module from '@kd/trainer';
import type * as nodeModule from '@kd/trainer/node';
import type * as twoStage from '@kd/two-stage-trainer';
import { join } from 'node:path';
import type { CheckpointFiles, CheckpointStore } from '@kd/trainer';
import { hardTarget } from '@kd/soft-target-loss';
import { layersTeacher } from '@kd/teacher';
import type { ValidCallsOf } from '../valid-call.js';
import {
  batch,
  classIds,
  data,
  directory,
  net,
  opaque,
  optimizer,
  scores,
  soon,
  student,
  teacher,
} from './values.js';

const term = () => opaque(hardTarget());
const recipe = () => ({ student: student(), teacher: teacher(), terms: [term()] });

/** In memory; empty at first. */
const store = (files?: CheckpointFiles): CheckpointStore => {
  let kept = files;
  return {
    save: (given) => {
      kept = given;
      return Promise.resolve();
    },
    load: () => Promise.resolve(kept && { name: 'memory', files: kept }),
    lock: () => Promise.resolve(() => Promise.resolve()),
  };
};
const lastFiles = async (): Promise<CheckpointStore> => {
  const kept = store();
  const run = await module.train(recipe(), {
    data: data(),
    epochs: 1,
    optimizer,
    checkpoint: { store: kept },
  });
  run.student.model.dispose();
  return kept;
};

const shared = () => ({
  data: data(),
  batchSize: 2,
  stepsPerEpoch: 1,
  seed: 1,
  signal: soon(),
  keep: [],
});
const observed = () => ({
  ...shared(),
  callbacks: [{ onEpochEnd: () => undefined }],
  onEvent: () => undefined,
  checkpoint: { store: store(), resume: true, everySteps: 1 },
});
const training = () => ({
  epochs: 1,
  optimizer,
  trainable: ['student_out'],
  learningRateMultipliers: { student_out: 0.5 },
  accumulationSteps: 1,
});
const held = () => ({ data: data(), batchSize: 2 });
const scored = { metrics: module.classificationMetrics, score: () => 1, patience: 1 };
const measured = () => ({ output: scores(), convention: 'logits', target: 'labels' }) as const;

export const recipes: ValidCallsOf<typeof recipeModule> = {
  buildObjective: () => [recipe(), { seed: 1, datasetSize: 2, modules: new Map() }],
  checkAnswer: {
    args: () => [
      { members: [{ outputs: { output: scores() }, weight: 1 }], taps: [] },
      {
        outputs: { output: { convention: 'logits', shape: [null, 2] } },
        taps: [],
        fingerprint: 'f',
        frozen: true,
      },
      batch(),
      { outputs: ['output'], taps: 0 },
    ],
    checked: [],
  },
  checkLearns: { args: () => ['fuzz', 'model', net(), [term()]], checked: [2, 3] },
  checkTarget: {
    args: () => [
      { where: 'fuzz', as: 'class-ids', target: 'labels', output: [null, 2] },
      { targets: { labels: classIds() } },
    ],
    checked: [],
  },
  scalarTensors: { args: () => [{ weights: { a: 1 }, values: { a: 1 } }], checked: [], inTidy: true },
  convertOutput: { args: () => ['student', scores(), 'probabilities', 'logits'], checked: [] },
  defineRecipe: () => [recipe()],
  forInference: () => [student()],
};

export const trainer: ValidCallsOf<typeof module> = {
  classificationMetrics: () => [measured(), batch()],
  evaluate: () => [
    student(),
    data(),
    { metrics: module.classificationMetrics, batchSize: 2, signal: soon() },
  ],
  loadCheckpointWeights: async () => [net(), await lastFiles(), { epoch: 'newest' }],
  train: () => [recipe(), { ...observed(), ...training(), validation: { ...held(), ...scored } }],
  trainStages: () => [
    {
      student: student(),
      teacher: teacher(),
      stages: [{ name: 'one', terms: [term()], earlyStopping: { ...scored }, ...training() }],
    },
    { ...observed(), validation: held() },
  ],
  trainTogether: () => [
    { a: recipe(), b: recipe() },
    { ...shared(), ...training(), onEvent: () => undefined, validation: { ...held(), ...scored } },
  ],
  valueMetrics: () => [
    { output: scores(), convention: 'values', target: 'labels' },
    { inputs: { input: scores() }, targets: { labels: scores() } },
  ],
};

export const trainerNode: ValidCallsOf<typeof nodeModule> = {
  abortOnInterrupt: {
    args: () => [],
    use: ({ dispose }) => {
      dispose();
    },
  },
  checkpointDirectory: {
    args: () => [join(directory(), 'run'), { keep: 1 }],
    use: (made) => made.load(),
  },
};

export const twoStageTrainer: ValidCallsOf<typeof twoStage> = {
  trainInTwoStages: () => [
    {
      teacher: layersTeacher(net('teacher'), { convention: 'logits' }),
      student: student(),
      hint: 'teacher_hidden',
      guided: 'student_hidden',
      regressor: { kind: 'pointwise' },
      temperature: 2,
      lambda: 1,
      hardWeight: 0.5,
      strategy: 'two stages',
    },
    {
      ...observed(),
      hints: { epochs: 1, optimizer, patience: 1, accumulationSteps: 1 },
      distillation: { epochs: 1, optimizer, patience: 1, accumulationSteps: 1, guidedLearningRate: 0.1 },
      validation: held(),
    },
  ],
};
