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

/** What tfjs-node's backend has for running any operation of TensorFlow. */
export interface TensorflowBackend {
  readonly binding: Readonly<
    Record<
      | 'TF_ATTR_TYPE'
      | 'TF_ATTR_INT'
      | 'TF_ATTR_FLOAT'
      | 'TF_ATTR_STRING'
      | 'TF_ATTR_BOOL'
      | 'TF_ATTR_SHAPE'
      | 'TF_FLOAT',
      number
    >
  >;
  /** Whether it computes on a GPU; that of tfjs-node-gpu does not where there is none. */
  readonly isUsingGpuDevice?: boolean;
  executeMultipleOutputs(
    op: string,
    attributes: readonly OpAttribute[],
    inputs: readonly TensorInfo[],
    outputs: number,
  ): Tensor[];
  incRef(dataId: DataId): void;
  /** How many tensors of tfjs share a piece of data. */
  refCount(dataId: DataId): number;
  /** Frees a piece of data that nobody else shares; does nothing if it is gone already. */
  disposeData(dataId: DataId): boolean;
}

/** An attribute of an operation of TensorFlow. */
export interface OpAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: number | string | boolean | readonly number[];
}

/** The attributes that an operation of TensorFlow is given beside the type of its numbers. */
export type AttributesOf = (binding: TensorflowBackend['binding'], attrs: NamedAttrMap) => OpAttribute[];

/** Name of tfjs-node's backend. */
export const backendName = 'tensorflow';

/** A kernel that is one operation of TensorFlow on float32, with the inputs in the order of their names here. */
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

/** What a gradient of a kernel is to tfjs: a function for each input. */
export type Gradients = ReturnType<GradFunc>;

/** A gradient on tfjs-node, or nothing where the composed one of tfjs has to do. */
export type NativeGradient = (dy: Tensor, saved: Tensor[], attrs: NamedAttrMap) => Gradients | undefined;

/** Runs such a kernel; gives its outputs. */
export function runOp(op: string, inputs: NamedTensorMap, attrs: NamedAttrMap = {}): Tensor[] {
  return engine().runKernel(op, inputs, attrs) as unknown as Tensor[];
}
