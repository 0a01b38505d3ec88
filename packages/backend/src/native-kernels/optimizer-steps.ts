import { scalar, tidy } from '@tensorflow/tfjs-core';
import type { KernelConfig, NamedAttrMap, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { backendName } from './run-op.js';
import type { OpAttribute, TensorflowBackend } from './run-op.js';

/** Handles of TensorFlow's variables for tensors of one shape. */
type Handles = readonly TensorInfo[];

const handles = new WeakMap<TensorflowBackend, Map<string, Handles>>();

/**
 * Adam's step for one variable as one operation. Inputs: `variable`, `firstMoment`, `secondMoment`, `rate`,
 * `beta1`, `beta2`, `epsilon`, `gradient`. Outputs: the first three after the step, `x - rate m / (√v + ε)`.
 * @kd/optimizers runs it if the backend has it.
 */
export const adamStepKernel: KernelConfig = stepKernel(
  'ResourceApplyAdam',
  ['variable', 'firstMoment', 'secondMoment'],
  (of, binding) => {
    // The rate already contains the bias corrections of both moments; powers of zero turn off those of the
    // operation.
    const zero = scalar(0);
    return {
      inputs: [zero, zero, of('rate'), of('beta1'), of('beta2'), of('epsilon'), of('gradient')],
      attributes: [locking(binding), { name: 'use_nesterov', type: binding.TF_ATTR_BOOL, value: false }],
    };
  },
);

/**
 * The momentum step for one variable as one operation. Inputs: `variable`, `momentumBuffer`, `rate`,
 * `gradient`, `momentum`. Outputs: the first two after the step, `b' = μ b + g`, `x - rate b'`, or with the
 * attribute `nesterov` `x - rate (g + μ b')`.
 */
export const momentumStepKernel: KernelConfig = stepKernel(
  'ResourceApplyMomentum',
  ['variable', 'momentumBuffer'],
  (of, binding, { nesterov }) => ({
    inputs: [of('rate'), of('gradient'), of('momentum')],
    attributes: [
      locking(binding),
      { name: 'use_nesterov', type: binding.TF_ATTR_BOOL, value: nesterov === true },
    ],
  }),
);

function locking(binding: TensorflowBackend['binding']): OpAttribute {
  return { name: 'use_locking', type: binding.TF_ATTR_BOOL, value: false };
}

/**
 * Turns an operation that changes TensorFlow variables into a kernel on tensors. It lends the tensors'
 * numbers to variables of their shape and returns them as new tensors. The changed tensors are used up:
 * nobody may read them afterwards; only dispose them or assign them something else. Only the returned numbers
 * outlive the step, so an assignment to a variable between two steps takes effect.
 */
function stepKernel(
  op: string,
  changed: readonly string[],
  rest: (
    of: (name: string) => TensorInfo,
    binding: TensorflowBackend['binding'],
    attrs: NamedAttrMap,
  ) => { readonly inputs: readonly TensorInfo[]; readonly attributes: readonly OpAttribute[] },
): KernelConfig {
  return {
    kernelName: op,
    backendName,
    kernelFunc: ({ inputs: given, backend, attrs }) => {
      const native = backend as TensorflowBackend;
      const of = (name: string): TensorInfo => given[name] as TensorInfo;
      const { binding } = native;
      const dtype = { name: 'dtype', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT };
      return tidy(() => {
        const held = handlesOf(native, of('variable').shape).slice(0, changed.length);
        held.forEach((handle, index) => {
          const given = of(changed[index] ?? '');
          native.executeMultipleOutputs('AssignVariableOp', [dtype], [handle, given], 0);
          // The operation changes numbers in place if nobody else holds them, and copies them if a clone
          // does.
          if (native.refCount(given.dataId) === 1) native.disposeData(given.dataId);
        });
        const { inputs, attributes } = rest(of, binding, attrs ?? {});
        native.executeMultipleOutputs(op, [{ ...dtype, name: 'T' }, ...attributes], [...held, ...inputs], 0);
        return held.map(
          (handle) => native.executeMultipleOutputs('ReadVariableOp', [dtype], [handle], 1)[0] as Tensor,
        );
      });
    },
  };
}

function handlesOf(native: TensorflowBackend, shape: readonly number[]): Handles {
  const ofBackend = handles.get(native) ?? new Map<string, Handles>();
  handles.set(native, ofBackend);
  const key = shape.join();
  const known = ofBackend.get(key);
  if (known !== undefined) return known;
  const made = [0, 1, 2].map((slot) => makeHandle(native, shape, `kd/${key}/${String(slot)}`));
  ofBackend.set(key, made);
  return made;
}

function makeHandle(native: TensorflowBackend, shape: readonly number[], name: string): TensorInfo {
  const { binding } = native;
  const attributes = [
    { name: 'dtype', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    { name: 'shape', type: binding.TF_ATTR_SHAPE, value: shape },
    { name: 'container', type: binding.TF_ATTR_STRING, value: '' },
    { name: 'shared_name', type: binding.TF_ATTR_STRING, value: name },
  ];
  const handle = native.executeMultipleOutputs('VarHandleOp', attributes, [], 1)[0] as Tensor;
  const { dataId, dtype } = handle;
  // This stays for good, so exclude it from the count of tensors, which leak tests compare.
  native.incRef(dataId);
  handle.dispose();
  return { dataId, dtype, shape: [] };
}
