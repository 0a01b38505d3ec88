/** The parts that we use of a tensor of onnxruntime. */
export interface OnnxTensor {
  readonly type: string;
  readonly dims: readonly number[];
  /** The values; throws if they are on a GPU, as in onnxruntime-web. */
  readonly data: unknown;
  /** The values, wherever they are. */
  getData?(): Promise<unknown>;
  dispose?(): void;
}

/** What a session of onnxruntime 1.21 and later reports about an input or output. */
export interface OnnxMetadata {
  readonly name: string;
  readonly isTensor: boolean;
  readonly type?: string;
  /** Open sizes are strings. */
  readonly shape?: readonly (number | string)[];
}

/** The parts that we use of an `InferenceSession`. */
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

/** The parts that we use of the module `onnxruntime-node` or `onnxruntime-web`; neither is imported here. */
export interface OnnxRuntime {
  readonly Tensor: new (type: never, data: never, dims: readonly number[]) => OnnxTensor;
  readonly InferenceSession: {
    create(model: Uint8Array, options?: never): Promise<OnnxSession>;
  };
}
