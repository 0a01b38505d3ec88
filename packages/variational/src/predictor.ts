import { defineModule, seededNormal } from '@kd/core';
import type { Module, TapPairReads } from '@kd/core';
import { add, fill, matMul, mul, relu, reshape, softplus, variable } from '@tensorflow/tfjs-core';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';

/** What predicts the teacher's map from the student's: three 1x1 convolutions, and a variance per channel. */
export interface Predictor {
  readonly kernel0: Variable;
  readonly kernel1: Variable;
  readonly kernel2: Variable;
  /** The variance is its softplus. */
  readonly rawVariance: Variable;
}

/** How a predictor begins. */
export interface PredictorOptions {
  readonly hidden: number | undefined;
  readonly initialVariance: number;
}

// Keeps the quotient by the variance, and its logarithm, finite.
const leastVariance = 1e-5;

/** A predictor as a module; its weights start as He et al. 2015 have it, for what follows a ReLU. */
export function predictorModule(
  name: string,
  reads: TapPairReads,
  { hidden, initialVariance }: PredictorOptions,
): Module<Predictor & Readonly<Record<string, Variable>>> {
  return defineModule({
    name,
    reads,
    build: ({ student, teacher, seed }) => {
      const [from, to] = [student, teacher].map(({ features }) => features.shape.at(-1) as number) as [
        number,
        number,
      ];
      const kernel = (rows: number, columns: number, place: number): Variable =>
        variable(mul(seededNormal([rows, columns], seed, place), Math.sqrt(2 / rows)));
      const between = hidden ?? to;
      return {
        kernel0: kernel(from, between, 0),
        kernel1: kernel(between, between, 1),
        kernel2: kernel(between, to, 2),
        rawVariance: variable(fill([to], Math.log(Math.expm1(initialVariance - leastVariance)))),
      };
    },
  });
}

/** The predicted map `[B, H, W, C]` of a student's map `[B, H, W, D]`. */
export function predicted({ kernel0, kernel1, kernel2 }: Predictor, student: Tensor): Tensor {
  const [batch = 0, height = 0, width = 0, channels = 0] = student.shape;
  const by = (x: Tensor, kernel: Tensor): Tensor => matMul(x as never, kernel as never);
  // A 1x1 convolution is a product at each position.
  const inner = relu(by(relu(by(reshape(student, [-1, channels]), kernel0)), kernel1));
  return reshape(by(inner, kernel2), [batch, height, width, kernel2.shape[1] as number]);
}

/** The variance of each channel, `[C]`. */
export function variance({ rawVariance }: Predictor): Tensor {
  return add(softplus(rawVariance), leastVariance);
}
