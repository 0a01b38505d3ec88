import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import type { TermShapes } from './term-shapes.js';

/** What a module consists of once it is built. */
export interface ModuleState {
  /** Variables that are trained with the student. */
  readonly trainable: Readonly<Record<string, Variable>>;
  /** Other tensors that the loss reads. Variables are saved in checkpoints; tensors are constants. */
  readonly buffers: Readonly<Record<string, Tensor>>;
  /** Frees both. */
  dispose(): void;
}

/** Parameters of a term: a regressor, a paraphraser, a memory bank. */
export interface Module {
  readonly name: string;
  /** Called once, before the first step. */
  build(context: {
    readonly shapes: TermShapes;
    readonly datasetSize?: number;
    readonly seed: number;
  }): ModuleState;
}
