import type { Scalar, Tensor } from '@tensorflow/tfjs-core';

/** The options that may follow a schedule, at the time of a step. */
export interface StepNumbers {
  /** η. */
  readonly rate: number;
  /** μ; 0 for rules without momentum. */
  readonly momentum: number;
}

/** A variable after a step, and its accumulated values. */
export interface Updated<Slot extends string = string> {
  readonly variable: Tensor;
  readonly slots: Readonly<Record<Slot, Tensor>>;
}

/**
 * How an optimizer moves one variable, as functions of tensors and numbers.
 *
 * Anything that computes the same, such as one fused kernel, can replace `update`: nothing else knows the
 * formula.
 */
export interface UpdateRule<Slot extends string = string, Coefficient extends string = string> {
  /** What to accumulate for a variable: slots of its shape, initially zero. */
  readonly slots: readonly Slot[];
  /** The numbers of the variable's `step`-th step, from 1. They become tensors once for all variables. */
  coefficients(numbers: StepNumbers, step: number): Readonly<Record<Coefficient, number>>;
  /** The step itself, without side effects. */
  update(
    variable: Tensor,
    gradient: Tensor,
    slots: Readonly<Record<Slot, Tensor>>,
    coefficients: Readonly<Record<Coefficient, Scalar>>,
  ): Updated<Slot>;
}
