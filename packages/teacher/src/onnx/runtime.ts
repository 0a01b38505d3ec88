/** What is used of a tensor of onnxruntime. */
export interface OnnxTensor {
  readonly type: string;
  readonly dims: readonly number[];
  /** Its values; in onnxruntime-web they may be on a GPU, where this throws. */
  readonly data: unknown;
  /** Its values, wherever they are. */
  getData?(): Promise<unknown>;
  dispose?(): void;
}

/** What a session of onnxruntime 1.21 and later says of an input or output. */
export interface OnnxMetadata {
  readonly name: string;
  readonly isTensor: boolean;
  readonly type?: string;
  /** Sizes that are open are texts. */
  readonly shape?: readonly (number | string)[];
}

/** What is used of an `InferenceSession`. */
export interface OnnxSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  readonly inputMetadata?: readonly OnnxMetadata[];
  readonly outputMetadata?: readonly OnnxMetadata[];
  run(
    feeds: Readonly<Record<string, never>>,
    fetches: readonly string[],
  ): Promise<Readonly<Record<string, OnnxTensor>>>;
  release?(): Promise<void>;
}

/** What is used of the module `onnxruntime-node` or `onnxruntime-web`, neither of which is imported here. */
export interface OnnxRuntime {
  readonly Tensor: new (type: never, data: never, dims: readonly number[]) => OnnxTensor;
  readonly InferenceSession: {
    create(model: Uint8Array, options?: never): Promise<OnnxSession>;
  };
}
