import { clone, dispose, keep } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { namedWeights } from '@kd/model';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** Remembers the weights of the best epoch, all of them, statistics of batch normalisation included. */
export interface BestEpoch {
  /** Takes note of an epoch's score (lower is better); says whether it is the best. */
  readonly note: (epoch: number, score: number) => boolean;
  readonly epoch: () => number | undefined;
  /** Epoch, score and weights of the best epoch so far, for a checkpoint. */
  readonly state: () => BestState | undefined;
  /** Puts the best weights back. */
  readonly restore: () => void;
  readonly dispose: () => void;
}

/** A best epoch as it is remembered. */
export interface BestState {
  readonly epoch: number;
  readonly score: number;
  /** By the names of the model's weights. */
  readonly weights: Readonly<Record<string, Tensor>>;
}

/** Remembers the best epoch of a model, from `known` on, whose weights it takes over. */
export function bestEpoch(model: LayersModel, known?: BestState): BestEpoch {
  let best: { epoch: number; score: number } | undefined = known;
  let weights = new Map<string, Tensor>(Object.entries(known?.weights ?? {}));
  const forget = (): void => {
    dispose([...weights.values()]);
    weights = new Map();
  };
  return {
    note: (epoch, score) => {
      // NaN is no improvement; and of equals the first stays, as it took fewer steps.
      if (!(score < (best?.score ?? Infinity))) return false;
      forget();
      best = { epoch, score };
      weights = new Map(namedWeights(model).map(({ name, variable }) => [name, keep(clone(variable))]));
      return true;
    },
    epoch: () => best?.epoch,
    state: () => best && { epoch: best.epoch, score: best.score, weights: Object.fromEntries(weights) },
    restore: () => {
      // By name: getWeights and setWeights swap weights when a layer was frozen in between.
      for (const { name, variable } of namedWeights(model)) {
        const kept = weights.get(name);
        if (kept !== undefined) variable.assign(kept);
      }
    },
    dispose: forget,
  };
}
