import type { DataId, KernelBackend, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import type { OpAttribute, TensorflowBackend } from '../native-kernels/run-op.js';

/** A tensor as the binding describes it. */
export interface TensorMetadata {
  readonly id: number;
  readonly dtype: number;
  readonly shape: number[];
}

/** The methods of tfjs-node's binding, with those of the addon that @kd/native builds. */
export interface FunctionBinding {
  executeOp(
    op: string,
    attributes: readonly OpAttribute[],
    inputs: readonly number[],
    outputs: number,
  ): TensorMetadata[];
  createTensor(shape: readonly number[], dtype: number, values: ArrayLike<number>): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): ArrayLike<number>;
  runSavedModel(...args: readonly unknown[]): TensorMetadata[];
  addFunction(
    name: string,
    graph: Uint8Array,
    inputs: readonly string[],
    outputs: readonly string[],
    controls: readonly string[],
  ): void;
  callFunction(name: string, inputs: Int32Array, outputs: number): Int32Array;
  removeFunction(name: string): void;
  operations(): Uint8Array;
}

/** What tfjs-node notes of a tensor's data. */
export interface Entry {
  readonly shape: readonly number[];
  readonly dtype: number;
  /** Numbers that TensorFlow does not have yet. */
  readonly values: ArrayLike<number> | null;
  readonly id: number;
  refCount: number;
}

/** tfjs-node's backend with functions of TensorFlow. */
export type FunctionBackend = KernelBackend &
  Omit<TensorflowBackend, 'binding'> & {
    binding: TensorflowBackend['binding'] & FunctionBinding;
    readonly tensorMap: {
      get(dataId: DataId): Entry;
      set(dataId: DataId, entry: Entry): void;
      has(dataId: DataId): boolean;
    };
    /** The ids of tensors in TensorFlow, which gets the numbers that it does not have yet. */
    getInputTensorIds(tensors: readonly TensorInfo[]): number[];
    createOutputTensor(metadata: TensorMetadata): Tensor;
    getDTypeInteger(dtype: string): number;
  };

/** Whether a backend is tfjs-node with an addon that has functions. */
export function hasFunctions(backend: unknown): backend is FunctionBackend {
  const { binding } = Object(backend) as { readonly binding?: Partial<FunctionBinding> };
  return typeof binding?.callFunction === 'function';
}

/** The id of a tensor in TensorFlow. */
export function idOf(native: FunctionBackend, tensor: TensorInfo): number {
  return native.getInputTensorIds([tensor])[0] as number;
}
