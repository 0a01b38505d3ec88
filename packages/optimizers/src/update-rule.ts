import type { Scalar, Tensor } from '@tensorflow/tfjs-core';

/** A variable after a step, and what was gathered for it. */
export interface Updated<Slot extends string = string> {
  readonly variable: Tensor;
  readonly slots: Readonly<Record<Slot, Tensor>>;
}

/**
 * How an optimizer moves one variable, as functions of tensors and numbers.
 *
 * Whatever computes the same, one fused kernel say, can stand in for `update`: nothing else knows the formula.
 */
export interface UpdateRule<Slot extends string = string, Coefficient extends string = string> {
  /** What is gathered for a variable; each of its shape, zero at first. */
  readonly slots: readonly Slot[];
  /** The numbers of a step, the variable's `step`-th, from 1. They become tensors once for all variables. */
  coefficients(learningRate: number, step: number): Readonly<Record<Coefficient, number>>;
  /** The step itself, without a side effect. */
  update(
    variable: Tensor,
    gradient: Tensor,
    slots: Readonly<Record<Slot, Tensor>>,
    coefficients: Readonly<Record<Coefficient, Scalar>>,
  ): Updated<Slot>;
}
