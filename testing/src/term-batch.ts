import { mul, randomUniform, scalar, sum } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { valueAt } from '@kd/core';
import type { Member, Named, Parts, Term, TermBatch, TermLoss } from '@kd/core';

type Value = Tensor | readonly Tensor[] | readonly Member[];

/** What a test gives to a loss: the values that the term reads, by its names. */
export interface GivenValues {
  readonly student?: Readonly<Record<string, Value>>;
  readonly teacher?: Readonly<Record<string, Value>>;
  readonly targets?: Named;
  readonly inputs?: Named;
  readonly rows?: Tensor;
  readonly mask?: Tensor;
  /** Built modules, by the names of the term. */
  readonly modules?: Readonly<Record<string, Parts>>;
  readonly epoch?: number;
  readonly training?: boolean;
}

/** A batch as a recipe passes it to a term. */
export function termBatch({ scalars }: Pick<Term, 'scalars'>, given: GivenValues): TermBatch {
  const { student = {}, teacher = {}, targets = {}, inputs = {}, epoch = 0, training = true } = given;
  const time = { step: 10 * epoch, epoch };
  return {
    student,
    teacher,
    targets,
    inputs,
    rows: given.rows,
    mask: given.mask,
    datasetSize: undefined,
    modules: given.modules ?? {},
    scalars: Object.fromEntries(
      Object.entries(scalars).map(([name, value]) => [name, scalar(valueAt(value, time))]),
    ),
    random: (shape: readonly number[]) => randomUniform([...shape], 0, 1, 'float32', 7),
    training,
  } as unknown as TermBatch;
}

/** The loss of a term on given values, without the recipe's conversions, masks and weights. */
export function lossOf(term: Term, given: GivenValues): TermLoss {
  return term.loss(termBatch(term, given));
}

/** Several opinions on an output, by default of equal weight. */
export function members(outputs: readonly Tensor[], weights?: readonly number[]): Member[] {
  return outputs.map((output, index) => ({ output, weight: weights?.[index] ?? 1 / outputs.length }));
}

/** The numerator of a recipe's mean: `sum w l`. */
export function weightedSum({ values, weights }: TermLoss): Tensor {
  return sum(weights === undefined ? values : mul(values, weights));
}

/** The values of a loss and of its weights. */
export async function numbersOf({
  values,
  weights,
}: TermLoss): Promise<{ values: number[]; weights?: number[] }> {
  const numbers = Array.from(await values.data());
  return weights === undefined
    ? { values: numbers }
    : { values: numbers, weights: Array.from(await weights.data()) };
}
