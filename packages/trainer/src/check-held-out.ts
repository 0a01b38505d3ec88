import { tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { conventions, KdError } from '@kd/core';
import type { Batch, OutputInfo, TargetPlace, Targets } from '@kd/core';
import { dividedInputs, fixedRows, inputsOfModel } from '@kd/model';
import { checkTarget } from '@kd/recipe';
import { areDistributions } from './metrics.js';

/** Throws unless a model can compute a batch; one with a fixed batch size computes parts of that size. */
export function checkInputs(where: string, model: LayersModel, batch: Batch): void {
  tidy(() => {
    const size = fixedRows(model.inputs.map(({ shape }) => shape));
    const [inputs = batch.inputs] = dividedInputs(where, batch, size)?.parts ?? [];
    inputsOfModel(where, model, { ...batch, inputs });
  });
}

/**
 * Rejects unless the default metric of an output can use its target. A label that names no class would make
 * the loss NaN.
 */
export async function checkLabels(
  where: string,
  { convention, shape }: OutputInfo,
  target: string,
  targets: Targets,
): Promise<void> {
  const labels = targets.targets?.[target];
  if (labels === undefined) return;
  const { family } = conventions[convention];
  const ofClasses = areDistributions(labels, shape) ? 'probabilities' : 'class-ids';
  const as: TargetPlace['as'] = {
    classes: ofClasses,
    'independent labels': 'sigmoid-probabilities',
    values: 'values',
  }[family] as TargetPlace['as'];
  await checkTarget({ where, as, target, output: shape }, targets);
}

/** Rejects sample weights that are negative or not finite, and marks other than 0 and 1. */
export async function checkWeights(where: string, { sampleWeight, labelled }: Targets): Promise<void> {
  const check = async (
    name: string,
    weights: Tensor | undefined,
    isLegal: (value: number) => boolean,
    expected: string,
  ): Promise<void> => {
    const values = (await weights?.data()) ?? new Float32Array();
    const wrong = values.findIndex((value) => !isLegal(value));
    if (wrong < 0) return;
    throw weightError(where, `${name}[${String(wrong)}]`, expected, String(values[wrong]));
  };
  await check(
    'sampleWeight',
    sampleWeight,
    (value) => Number.isFinite(value) && value >= 0,
    'finite and >= 0',
  );
  await check('labelled', labelled, (value) => value === 0 || value === 1, '0 or 1');
}

/** The error for weights of a validation set. */
export function weightError(where: string, argument: string, expected: string, received: string): KdError {
  const remedy = 'Correct the weights of the validation set, or leave them out to count every example once.';
  return new KdError({ code: 'KD_WEIGHT_RANGE', where, argument, expected, received, remedy });
}
