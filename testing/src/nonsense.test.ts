// Nonsense arguments cause a KdError that names the argument.
import '@tensorflow/tfjs-backend-cpu';
import { hintRegressor } from '@kd/hint-regressor';
import { buildObjective, defineRecipe } from '@kd/recipe';
import type { Recipe } from '@kd/recipe';
import { hardTarget } from '@kd/soft-target-loss';
import { shardOfEnvironment } from '@kd/stored-soft-targets';
import { storedTeacher, storeSoftTargets } from '@kd/stored-soft-targets/node';
import { arraysTeacher, fitEnsembleWeights } from '@kd/teacher';
import { train, trainStages, trainTogether } from '@kd/trainer';
import { setBackend } from '@tensorflow/tfjs-core';
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
  [
    'storedTeacher',
    'options that are a promise',
    () => storedTeacher(set, never(Promise.resolve({ checkInputs: 0 }))),
  ],
])('%s refuses %s', async (where, _, body) => {
  expect(await outcome(body)).toMatch(new RegExp(`^KD_\\w+: ${where}\\b`));
});
