import { addN, mul } from '@tensorflow/tfjs-core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { subSeed } from '@kd/core';
import type { Batch, TeacherAnswer, TrainingTime } from '@kd/core';
import { forward, inputsOfModel, regularizersOf } from '@kd/model';
import { checkNeedOfAnswer, checkNeeds } from './check-needs.js';
import { checkRows } from './check-rows.js';
import { countsOf } from './counts.js';
import type { Counts } from './counts.js';
import { laterSteps } from './later-steps.js';
import type { LaterSteps } from './later-steps.js';
import { lossOfTerm } from './loss-of-term.js';
import type { Prepared } from './prepared.js';
import { termBatchOf } from './term-batch.js';
import { scalarsOfTerm, weightOfTerm } from './numbers-of-term.js';

/** The arguments of an evaluation. */
export interface EvaluateRequest {
  readonly batch: Batch;
  /** The teacher's answer for this batch, from `ask`; undefined without a teacher. */
  readonly answer: TeacherAnswer | undefined;
  readonly time: TrainingTime;
  readonly training: boolean;
  /** Makes dropout, and what terms draw, repeatable. */
  readonly seed?: number;
  /**
   * The share of each term's mean over a step of several batches that this batch holds, by name; default 1.
   * The total is then the part that the batch adds to the total of the step.
   */
  readonly shares?: Readonly<Record<string, number>>;
}

/** The value of the objective on a batch. */
export interface Evaluation extends LaterSteps {
  /** `sum weight_i share_i loss_i` + regularisers, a scalar on the tape. */
  readonly total: Scalar;
  /**
   * Unweighted loss of each term by name, and the regularisers of layers that learn as `regularizers`.
   * Scalars.
   */
  readonly losses: Readonly<Record<string, Tensor>>;
  /**
   * The denominator of each loss: the sum of the weights of what counts, examples or positions. It is the
   * number of examples if there are no weights, and for terms that relate examples. A number if it is known
   * without the device, else a scalar. Where it is 0, the loss is the mean of nothing.
   */
  readonly normalizers: Readonly<Record<string, Tensor | number>>;
  /** Weight of each term at this time. */
  readonly weights: Readonly<Record<string, number>>;
}

/** One forward pass of the student, then the losses of all terms, their weighted sum and the regularisers. */
export function evaluate(prepared: Prepared, request: EvaluateRequest): Evaluation {
  const { recipe, terms, datasetSize } = prepared;
  const { batch, answer: teacher, time, training, seed, shares = {} } = request;
  const rows = checkRows(batch);
  checkNeeds(batch, terms);
  checkNeedOfAnswer(recipe, teacher);
  // Before the forward pass, which would be wasted if a schedule returned an invalid number.
  const weights = Object.fromEntries(recipe.terms.map((term) => [term.name, weightOfTerm(term, time)]));
  const scalars = recipe.terms.map((term) => scalarsOfTerm(term, time));
  const student = answerOfStudent(prepared, request);
  const withTargets = countsOf(batch, true);
  const others = batch.labelled === undefined ? withTargets : countsOf(batch, false);
  const ofTerms = terms.map((one, index) => {
    const { term } = one;
    const counts: Counts = term.reads.targets === undefined ? others : withTargets;
    const values = { batch, student, teacher, datasetSize };
    const forLoss = termBatchOf(one, values, scalars[index] ?? {}, counts, { training, seed });
    return { name: term.name, ...lossOfTerm(term, forLoss, counts, rows) };
  });
  const weighted = sumOf(
    ofTerms.map(({ name, loss }) => mul(loss, (weights[name] as number) * (shares[name] ?? 1))),
  );
  const penalties = penaltiesOf(prepared);
  const regularizers =
    penalties.length === 0 ? [] : [{ name: 'regularizers', loss: sumOf(penalties), normalizer: rows }];
  const shared = regularizers.map(({ name, loss }) =>
    shares[name] === undefined ? loss : mul(loss, shares[name]),
  );
  const all = [...ofTerms, ...regularizers];
  return {
    total: sumOf([weighted, ...shared]) as Scalar,
    losses: Object.fromEntries(all.map(({ name, loss }) => [name, loss])),
    normalizers: Object.fromEntries(all.map(({ name, normalizer }) => [name, normalizer])),
    weights,
    // Last, so that nothing is kept if anything before it throws.
    ...laterSteps(
      terms,
      ofTerms.map(({ carry }) => carry),
    ),
  };
}

/** What terms read of the student; nothing runs if they read nothing. */
function answerOfStudent({ recipe, student }: Prepared, request: EvaluateRequest): TeacherAnswer {
  const { taps, runsToEnd, modelOutputs } = student;
  if (taps.length === 0 && !runsToEnd) return { members: [], taps: [] };
  const { model } = recipe.student;
  const { batch, training, seed } = request;
  const { outputs, taps: tapped } = forward(model, inputsOfModel('the student', model, batch), {
    taps,
    outputs: runsToEnd,
    training,
    ...(seed === undefined ? {} : { seed: subSeed(seed, 'student') }),
  });
  const named = runsToEnd
    ? Object.fromEntries(modelOutputs.map(({ name, position }) => [name, outputs[position] as Tensor]))
    : {};
  return { members: [{ outputs: named, weight: 1 }], taps: tapped };
}

/** The regularisers of the student, and of the modules that the terms train. */
function penaltiesOf({ recipe, terms }: Prepared): Scalar[] {
  const trained = terms.flatMap(({ term, modules }) =>
    Object.entries(modules).flatMap(([key, built]) => (term.modules[key]?.frozen === true ? [] : [built])),
  );
  return [
    ...regularizersOf(recipe.student.model),
    ...[...new Set(trained)].flatMap(({ penalties }) => penalties()),
  ];
}

function sumOf(tensors: readonly Tensor[]): Tensor {
  return tensors.length === 1 ? (tensors[0] as Tensor) : addN([...tensors]);
}
