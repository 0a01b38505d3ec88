import { clone, dispose, keep } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { NamedWeight } from '@kd/core';

/** Remembers all weights of the best epoch, including batch normalisation statistics and modules. */
export interface BestEpoch {
  /** Records an epoch's score (lower is better) and returns whether it is the best so far. */
  readonly note: (epoch: number, score: number) => boolean;
  readonly epoch: () => number | undefined;
  /** Epoch, score and weights of the best epoch so far, for a checkpoint. Undefined before there is one. */
  readonly state: () => BestState | undefined;
  /** Restores the best weights. */
  readonly restore: () => void;
  readonly dispose: () => void;
}

/** The best epoch with its score and weights. */
export interface BestState {
  readonly epoch: number;
  readonly score: number;
  /** By the names of the weights. */
  readonly weights: Readonly<Record<string, Tensor>>;
}

/**
 * Remembers the best epoch of some weights: of the student and of modules. Starts from `known`, if given, and
 * takes over its weights.
 */
export function bestEpoch(weights: () => readonly NamedWeight[], known?: BestState): BestEpoch {
  let best: { epoch: number; score: number } | undefined = known;
  let kept = new Map<string, Tensor>(Object.entries(known?.weights ?? {}));
  const forget = (): void => {
    dispose([...kept.values()]);
    kept = new Map();
  };
  return {
    note: (epoch, score) => {
      // NaN is no improvement. In a tie the first epoch wins, because it took fewer steps.
      if (!(score < (best?.score ?? Infinity))) return false;
      forget();
      best = { epoch, score };
      kept = new Map(weights().map(({ name, variable }) => [name, keep(clone(variable))]));
      return true;
    },
    epoch: () => best?.epoch,
    state: () => best && { epoch: best.epoch, score: best.score, weights: Object.fromEntries(kept) },
    restore: () => {
      // By name: getWeights and setWeights change their order when a layer is frozen in between.
      for (const { name, variable } of weights()) {
        const best = kept.get(name);
        if (best !== undefined) variable.assign(best);
      }
    },
    dispose: forget,
  };
}
