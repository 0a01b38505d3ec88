import type { Tensor } from '@tensorflow/tfjs-core';

/** What a SavedModel reports about an input or output of a signature. */
export interface SavedValue {
  readonly dtype: string;
  /** TensorFlow's messages, one per axis; -1 is an open size. */
  readonly shape?: readonly unknown[];
}

/** A graph of a SavedModel: its tags, and its signatures by name. */
export interface MetaGraph {
  readonly tags: readonly string[];
  readonly signatureDefs: Readonly<
    Record<
      string,
      {
        readonly inputs: Readonly<Record<string, SavedValue>>;
        readonly outputs: Readonly<Record<string, SavedValue>>;
      }
    >
  >;
}

/**
 * The parts that we use of the module `@tensorflow/tfjs-node` or `@tensorflow/tfjs-node-gpu`; neither is
 * imported here.
 */
export interface TfjsNode {
  readonly node: {
    getMetaGraphsFromSavedModel(path: string): Promise<readonly MetaGraph[]>;
    loadSavedModel(path: string, tags?: string[], signature?: string): Promise<LoadedModel>;
  };
}

/** The parts that we use of a `TFSavedModel`. */
export interface LoadedModel {
  predict(inputs: Record<string, Tensor>): Tensor | Tensor[] | Record<string, Tensor>;
  dispose(): void;
}
