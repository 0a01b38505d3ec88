import { addN, mul } from '@tensorflow/tfjs-core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { subSeed } from '@kd/core';
import { forward, inputsOfModel, regularizersOf } from '@kd/model';
import type { TermBatch } from '@kd/core';
import { blankRowsWithoutWeight } from './blank-rows.js';
import { checkNeeds, checkNeedOfPrediction } from './check-needs.js';
import { checkRows } from './check-rows.js';
import { laterSteps } from './later-steps.js';
import { lossOfTerm, weightOfTerm } from './loss-of-term.js';
import { termBatches } from './term-batches.js';
import type { LaterSteps } from './later-steps.js';
import type { Recipe } from './recipe.js';
import type { Prepared, StepInput } from './term-batches.js';

/** The arguments of an evaluation. */
export interface EvaluateRequest extends StepInput {
  readonly training: boolean;
  /** Makes dropout repeatable. */
  readonly seed?: number;
}

/** The value of the objective on a batch. */
export interface Evaluation extends LaterSteps {
  /** `sum weight_i loss_i` + regularisers, a scalar on the tape. */
  readonly total: Scalar;
  /**
   * Unweighted loss of each term by name, and the regularisers of the student's layers as `regularizers`.
   * Scalars.
   */
  readonly losses: Readonly<Record<string, Tensor>>;
  /**
   * The denominator of each loss: the sum of the weights of the examples that count, including kept
   * positions. It is the number of examples if there are no weights, and for terms that relate examples. A
   * number if it is known without the device, else a scalar. Where it is 0, the loss is the mean of nothing.
   */
  readonly normalizers: Readonly<Record<string, Tensor | number>>;
  /** Weight of each term at this time. */
  readonly weights: Readonly<Record<string, number>>;
}

/** One forward pass of the student, then the losses of all terms, their weighted sum and the regularisers. */
export function evaluate(prepared: Prepared, request: EvaluateRequest): Evaluation {
  const { student, terms } = prepared.recipe;
  const { batch, prediction, time, training, seed } = request;
  const rows = checkRows(batch);
  checkNeeds(batch, terms);
  checkNeedOfPrediction(prepared.recipe, prediction);
  // Before the forward pass, which would be wasted if a schedule returned an invalid weight.
  const weights = Object.fromEntries(terms.map((term) => [term.name, weightOfTerm(term, time)]));
  const result = forward(student.model, inputsOfModel('the student', student.model, batch), {
    taps: prepared.taps.student,
    outputs: needsOutputs(prepared.recipe),
    training,
    ...(seed === undefined ? {} : { seed: subSeed(seed, 'student') }),
  });
  const forLoss = termBatches(prepared, { ...blankRowsWithoutWeight(batch, prediction), time }, result);
  const ofTerms = terms.map((term, index) => ({
    name: term.name,
    ...lossOfTerm(term, forLoss[index] as TermBatch, rows),
  }));
  const weighted = sumOf(ofTerms.map(({ name, loss }) => mul(loss, weights[name] as number)));
  const penalties = regularizersOf(student.model);
  const regularizers =
    penalties.length === 0 ? [] : [{ name: 'regularizers', loss: sumOf(penalties), normalizer: rows }];
  const total = sumOf([weighted, ...regularizers.map(({ loss }) => loss)]);
  const all = [...ofTerms, ...regularizers];
  return {
    total: total as Scalar,
    losses: Object.fromEntries(all.map(({ name, loss }) => [name, loss])),
    normalizers: Object.fromEntries(all.map(({ name, normalizer }) => [name, normalizer])),
    weights,
    // Last, so that nothing is kept if anything before it throws.
    ...laterSteps(terms, termBatches(prepared, { batch, prediction, time }, result), result.outputs),
  };
}

function sumOf(tensors: readonly Tensor[]): Tensor {
  return tensors.length === 1 ? (tensors[0] as Tensor) : addN([...tensors]);
}

/** Whether any term reads the outputs of the models. */
export function needsOutputs({ terms }: Recipe): boolean {
  return terms.some(({ usesOutputs = true }) => usesOutputs);
}
