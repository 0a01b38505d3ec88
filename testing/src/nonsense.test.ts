// Nonsense arguments cause a KdError that names the argument.
import '@tensorflow/tfjs-backend-cpu';
import { augmentImages, exampleRandom, mixup } from '@kd/data';
import { hintRegressor } from '@kd/hint-regressor';
import { namedWeights } from '@kd/model';
import { buildObjective, defineRecipe } from '@kd/recipe';
import type { Recipe } from '@kd/recipe';
import { hardTarget, logitsOfOutput } from '@kd/soft-target-loss';
import { parseShard, shardOfEnvironment } from '@kd/stored-soft-targets';
import { storedTeacher, storeSoftTargets } from '@kd/stored-soft-targets/node';
import { arraysTeacher, cachedTeacher, fitEnsembleWeights, layersTeacher } from '@kd/teacher';
import { evaluate, train, trainStages, trainTogether } from '@kd/trainer';
import { ones, setBackend } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { data, numbers, sgd, student } from './small-nets.js';
import { outcome } from './outcome.js';

await setBackend('cpu');

const never = (value: unknown): never => value as never;
const recipe = (): Recipe => defineRecipe({ student: student(), terms: [hardTarget()] });
const options = { data, epochs: 1, optimizer: sgd };
const disposed = (): LayersModel => {
  const { model } = student();
  model.dispose();
  return model;
};
const ids = ['a', 'b'];
const teacher = arraysTeacher({ ids, rows: ids.map((_, row) => [row, 1]) }, { convention: 'logits' });

let set: string;
beforeAll(async () => {
  set = await mkdtemp(join(tmpdir(), 'kd-nonsense-'));
  await storeSoftTargets({ teacher, data: { inputs: numbers(2, [2]), ids }, out: set });
});
afterAll(() => rm(set, { recursive: true }));

it('the arguments around the nonsense are valid', async () => {
  expect((await train(recipe(), options)).reason).toBe('finished');
  expect(hintRegressor([null, 4, 4, 6], [null, 8, 8, 4])).toBeDefined();
  expect((await storedTeacher(set, { checkInputs: 0 })).count).toBe(2);
});

it.each<[string, string, () => unknown]>([
  [
    'fitEnsembleWeights',
    'data that is a number',
    () => fitEnsembleWeights({ a: teacher, b: teacher }, never(5)),
  ],
  [
    'defineRecipe',
    'a hole for a term',
    () => defineRecipe({ student: student(), terms: never(new Array(1)) }),
  ],
  [
    'trainStages',
    'a hole for a stage',
    () => trainStages({ student: student(), stages: never(new Array(1)) }, { data }),
  ],
  ['trainTogether', 'recipes that are numbers', () => trainTogether(never({ a: 5, b: 6 }), options)],
  ['buildObjective', 'no recipe', () => buildObjective(never(undefined))],
  ['hintRegressor', 'a negative size', () => hintRegressor([null, -1, 4, 6], [null, 8, 8, 4])],
  [
    'hintRegressor',
    'a batch size that is a text',
    () => hintRegressor([null, 4, 4, 6], never(['x', 8, 8, 4])),
  ],
  ['hintRegressor', 'a teacher of size 0', () => hintRegressor([null, 0, 4, 6], [null, 8, 8, 4])],
  ['shardOfEnvironment', 'null', () => shardOfEnvironment(never(null))],
  ['namedWeights', 'an object', () => namedWeights(never({}))],
  ['layersTeacher', 'a disposed model', () => layersTeacher(disposed(), { convention: 'logits' })],
  ['train', 'a hole for a callback', () => train(recipe(), { ...options, callbacks: new Array(1) })],
  ['evaluate', 'metrics of no output', () => evaluate(student(), data, { metrics: {} })],
  ['logitsOfOutput', 'a convention of its own', () => logitsOfOutput(ones([1, 2]), never('odds'))],
  ['augmentImages', 'no images', () => augmentImages(never(null), [0], { seed: 1, epoch: 0 }, [])],
  ['mixup', 'no shares', () => mixup(Float32Array.of(1), Float32Array.of(2), never(null))],
  ['exampleRandom', 'a bigint for a seed', () => exampleRandom(never(1n), 0, 0)],
  ['parseShard', 'a symbol', () => parseShard(never(Symbol('1/2')))],
  ['hintRegressor', 'a name with a zero byte', () => hintRegressor([2, 2], [2, 2], { name: 'a\0b' })],
  [
    'the teacher',
    'a description without outputs',
    () => cachedTeacher({ ...teacher, describe: never(() => ({})) }).describe({ taps: [] }),
  ],
  [
    'storedTeacher',
    'options that are a promise',
    () => storedTeacher(set, never(Promise.resolve({ checkInputs: 0 }))),
  ],
])('%s refuses %s', async (where, _, body) => {
  expect(await outcome(body)).toMatch(new RegExp(`^KD_\\w+: ${where}\\b`));
});
