import { engine } from '@tensorflow/tfjs-core';
import type {
  DataId,
  GradFunc,
  KernelConfig,
  NamedAttrMap,
  NamedTensorMap,
  Tensor,
  TensorInfo,
} from '@tensorflow/tfjs-core';

/** The part of tfjs-node's backend that runs any TensorFlow operation. */
export interface TensorflowBackend {
  readonly binding: Readonly<
    Record<
      | 'TF_ATTR_TYPE'
      | 'TF_ATTR_INT'
      | 'TF_ATTR_FLOAT'
      | 'TF_ATTR_STRING'
      | 'TF_ATTR_BOOL'
      | 'TF_ATTR_SHAPE'
      | 'TF_FLOAT'
      | 'TF_INT32'
      | 'TF_BOOL',
      number
    >
  >;
  /** Whether it computes on a GPU; tfjs-node-gpu does not if there is none. */
  readonly isUsingGpuDevice?: boolean;
  executeMultipleOutputs(
    op: string,
    attributes: readonly OpAttribute[],
    inputs: readonly TensorInfo[],
    outputs: number,
  ): Tensor[];
  incRef(dataId: DataId): void;
  /** The number of tfjs tensors that share this data. */
  refCount(dataId: DataId): number;
  /** Frees data that nobody else shares; does nothing if it is already gone. */
  disposeData(dataId: DataId): boolean;
}

/** An attribute of a TensorFlow operation. */
export interface OpAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: number | string | boolean | readonly number[];
}

/** The attributes of a TensorFlow operation besides the type of its numbers. */
export type AttributesOf = (binding: TensorflowBackend['binding'], attrs: NamedAttrMap) => OpAttribute[];

/** Name of tfjs-node's backend. */
export const backendName = 'tensorflow';

/**
 * A kernel that is one TensorFlow operation on float32; its inputs are in the order of the names given here.
 */
export function opKernel(
  op: string,
  inputs: readonly string[],
  outputs = 1,
  attributesOf: AttributesOf = () => [],
): KernelConfig {
  return {
    kernelName: op,
    backendName,
    kernelFunc: ({ inputs: given, backend, attrs }) => {
      const { binding } = backend as TensorflowBackend;
      const type = { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT };
      return (backend as TensorflowBackend).executeMultipleOutputs(
        op,
        [type, ...attributesOf(binding, attrs ?? {})],
        inputs.map((name) => given[name] as TensorInfo),
        outputs,
      );
    },
  };
}

/** A kernel's gradient as tfjs expects it: a function for each input. */
export type Gradients = ReturnType<GradFunc>;

/** A gradient on tfjs-node, or undefined if tfjs's composed gradient must run. */
export type NativeGradient = (dy: Tensor, saved: Tensor[], attrs: NamedAttrMap) => Gradients | undefined;

/** Runs such a kernel; returns its outputs. */
export function runOp(op: string, inputs: NamedTensorMap, attrs: NamedAttrMap = {}): Tensor[] {
  return engine().runKernel(op, inputs, attrs) as unknown as Tensor[];
}
