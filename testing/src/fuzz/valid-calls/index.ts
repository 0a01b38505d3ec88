import { existsSync, readdirSync } from 'node:fs';
import type { ValidCalls } from '../valid-call.js';
import { core } from './core.js';
import { data } from './data.js';
import { attentionTransfer, hintRegressor, regressionLoss, similarityPreserving } from './losses.js';
import { backend, backendNode, files, model } from './model.js';
import { biasCorrection, optimizers, schedule, temperature, temperatureLayer } from './numbers.js';
import { serverTeachers } from './server-teachers.js';
import { softTargetLoss } from './soft-target-loss.js';
import { storedSoftTargets, storedSoftTargetsNode } from './stored-soft-targets.js';
import { functionTeachers, onnxTeachers, savedModelTeachers, teachers } from './teachers.js';
import { recipes, trainer, trainerNode, twoStageTrainer } from './training.js';

/** A package may bring its own, as a method does: `test/valid-calls.ts`. */
async function brought(): Promise<Record<string, ValidCalls>> {
  const packages = new URL('../../../../packages/', import.meta.url);
  const files = readdirSync(packages)
    .map((name) => new URL(`${name}/test/valid-calls.ts`, packages))
    .filter((file) => existsSync(file));
  const all = await Promise.all(
    files.map(async (file) => (await import(file.href)) as { validCalls: Record<string, ValidCalls> }),
  );
  return Object.assign({}, ...all.map(({ validCalls: own }) => own)) as Record<string, ValidCalls>;
}

/** Valid calls by entry and export. */
export const validCalls: Readonly<Record<string, ValidCalls>> = {
  ...(await brought()),
  '@kd/attention-transfer': attentionTransfer,
  '@kd/backend': backend,
  '@kd/backend/node': backendNode,
  '@kd/bias-correction': biasCorrection,
  '@kd/core': core,
  '@kd/data': data,
  '@kd/files': files,
  '@kd/hint-regressor': hintRegressor,
  '@kd/model': model,
  '@kd/optimizers': optimizers,
  '@kd/recipe': recipes,
  '@kd/regression-loss': regressionLoss,
  '@kd/schedule': schedule,
  '@kd/similarity-preserving': similarityPreserving,
  '@kd/soft-target-loss': softTargetLoss,
  '@kd/stored-soft-targets': storedSoftTargets,
  '@kd/stored-soft-targets/node': storedSoftTargetsNode,
  '@kd/teacher': teachers,
  '@kd/teacher/completions': serverTeachers,
  '@kd/teacher/function': functionTeachers,
  '@kd/teacher/onnx': onnxTeachers,
  '@kd/teacher/saved-model': savedModelTeachers,
  '@kd/temperature': temperature,
  '@kd/temperature/layer': temperatureLayer,
  '@kd/trainer': trainer,
  '@kd/trainer/node': trainerNode,
  '@kd/two-stage-trainer': twoStageTrainer,
};
