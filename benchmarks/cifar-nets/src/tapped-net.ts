import type { LayersModel } from '@tensorflow/tfjs-layers';

/** A net for pictures `[B, 32, 32, 3]`, and the names of layers that methods compare. */
export interface TappedNet {
  /** Its only output is the logits `[B, classes]`. */
  readonly model: LayersModel;
  /** The layer whose output is the maps before the first stage: RepDistiller's feature 0. */
  readonly stem: string;
  /**
   * Layers whose outputs are maps `[B, H, W, C]`, shallow to deep, one per stage: RepDistiller's features 1,
   * 2 and so on, but the last.
   */
  readonly maps: readonly string[];
  /** The layer whose output is `[B, D]`, before the classifier: RepDistiller's last feature. */
  readonly features: string;
}

/** Options of all nets. */
export interface NetOptions {
  /** A finite number. The same seed gives the same first weights. */
  readonly seed: number;
  /** Number of logits, a whole number >= 1. */
  readonly classes: number;
  /** Factor on the numbers of channels, > 0, for tests and trials; default 1, the published net. */
  readonly width?: number;
}

/** Builds a net. */
export type MakeNet = (options: NetOptions) => TappedNet;
