import { addN, mul } from '@tensorflow/tfjs-core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { subSeed } from '@kd/core';
import type { Batch, Named, Seed, TeacherAnswer } from '@kd/core';
import { forward, inputsOfModel, regularizersOf } from '@kd/model';
import { checkNeedOfAnswer, checkNeeds } from './check-needs.js';
import { checkRows } from './check-rows.js';
import { countsOf } from './counts.js';
import type { Counts } from './counts.js';
import { lossOfTerm } from './loss-of-term.js';
import { factorOfRegularizers, factorOfTerm } from './numbers-of-step.js';
import type { Prepared } from './prepared.js';
import { termBatchOf } from './term-batch.js';

/** What the losses of a step are computed from. Whatever changes from step to step is a tensor. */
export interface StepValues {
  readonly batch: Batch;
  /** The teacher's answer for this batch, from `ask`; undefined without a teacher. */
  readonly answer: TeacherAnswer | undefined;
  /** The numbers of the step, from `numbersAt`, as scalar tensors. */
  readonly numbers: Named;
  readonly training: boolean;
  /**
   * Makes dropout, and what terms draw, repeatable: a number, or an int32 scalar if only the device knows it.
   */
  readonly seed?: Seed;
}

/** The losses of a step. */
export interface LossesOfStep {
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
  /** What each term passes on to its `afterStep`, in the order of the terms. */
  readonly carries: readonly Named[];
}

/** One forward pass of the student, then the losses of all terms, their weighted sum and the regularisers. */
export function lossesOfStep(prepared: Prepared, values: StepValues): LossesOfStep {
  const { recipe, terms, datasetSize } = prepared;
  const { batch, answer: teacher, numbers, training, seed } = values;
  const rows = checkRows(batch);
  checkNeeds(batch, terms);
  checkNeedOfAnswer(recipe, teacher);
  const student = answerOfStudent(prepared, values);
  const withTargets = countsOf(batch, true);
  const others = batch.labelled === undefined ? withTargets : countsOf(batch, false);
  const ofTerms = terms.map((one) => {
    const { term } = one;
    const counts: Counts = term.reads.targets === undefined ? others : withTargets;
    const forLoss = termBatchOf(one, { batch, student, teacher, datasetSize }, numbers, counts, {
      training,
      seed,
    });
    return { name: term.name, ...lossOfTerm(term, forLoss, counts, rows) };
  });
  const weighted = sumOf(ofTerms.map(({ name, loss }) => mul(loss, factorOfTerm(numbers, name))));
  const penalties = penaltiesOf(prepared);
  const regularizers =
    penalties.length === 0 ? [] : [{ name: 'regularizers', loss: sumOf(penalties), normalizer: rows }];
  const factor = factorOfRegularizers(numbers);
  const shared = regularizers.map(({ loss }) => (factor === undefined ? loss : mul(loss, factor)));
  const all = [...ofTerms, ...regularizers];
  return {
    total: sumOf([weighted, ...shared]) as Scalar,
    losses: Object.fromEntries(all.map(({ name, loss }) => [name, loss])),
    normalizers: Object.fromEntries(all.map(({ name, normalizer }) => [name, normalizer])),
    carries: ofTerms.map(({ carry }) => carry),
  };
}

/** What terms read of the student; nothing runs if they read nothing. */
function answerOfStudent({ recipe, student }: Prepared, values: StepValues): TeacherAnswer {
  const { taps, runsToEnd, modelOutputs } = student;
  if (taps.length === 0 && !runsToEnd) return { members: [], taps: [] };
  const { model } = recipe.student;
  const { batch, training, seed } = values;
  const { outputs, taps: tapped } = forward(model, inputsOfModel('the student', model, batch), {
    taps,
    outputs: runsToEnd,
    training,
    place: subSeed(0, 'student'),
    ...(seed === undefined ? {} : { seed }),
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
