import { train } from '@kd/trainer';
import type { TrainEvent, TrainOptions } from '@kd/trainer';
import type { Recipe } from '@kd/recipe';
import { withCalls } from '../step-functions.js';

/** A training with steps operation by operation, and the same with steps in one call. */
export interface BothWays {
  readonly eager: Outcome;
  readonly compiled: Outcome;
}

/** What a training left. */
export interface Outcome {
  /** Totals of all steps. */
  readonly totals: readonly number[];
  readonly gradientNorms: readonly number[];
  readonly weights: readonly (readonly number[])[];
  /** Functions that were called. */
  readonly calls: number;
  /** Why steps are not calls; undefined if they are. */
  readonly reason: string | undefined;
}

/** Trains a recipe and one like it, both ways. */
export async function trainBothWays(recipe: () => Recipe, options: () => TrainOptions): Promise<BothWays> {
  return {
    eager: await outcomeOf(recipe(), { ...options(), compile: 'never' }),
    compiled: await outcomeOf(recipe(), { ...options(), compile: 'auto' }),
  };
}

async function outcomeOf(recipe: Recipe, options: TrainOptions): Promise<Outcome> {
  const totals: number[] = [];
  const gradientNorms: number[] = [];
  let reason: string | undefined;
  const onEvent = (event: TrainEvent): void => {
    if (event.type === 'step') {
      totals.push(event.total);
      gradientNorms.push(event.gradientNorm);
    }
    if (event.type === 'compile') ({ reason } = event);
    options.onEvent?.(event);
  };
  const calls = await withCalls(() => train(recipe, { ...options, onEvent }));
  const { model } = recipe.student;
  const weights = model.weights.map((weight) => Array.from(weight.read().dataSync()));
  return { totals, gradientNorms, weights, calls, reason };
}
