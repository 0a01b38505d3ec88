import { scalar, tidy } from '@tensorflow/tfjs-core';
import type { KernelConfig, NamedAttrMap, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { backendName } from './run-op.js';
import type { OpAttribute, TensorflowBackend } from './run-op.js';

/** Handles of TensorFlow's variables for tensors of one shape. */
type Handles = readonly TensorInfo[];

const handles = new WeakMap<TensorflowBackend, Map<string, Handles>>();

/**
 * Adam's step of one variable as one operation: inputs `variable`, `firstMoment`, `secondMoment`, `rate`, `beta1`, `beta2`, `epsilon`,
 * `gradient`; outputs the first three after the step, `x - rate m / (√v + ε)`. @kd/optimizers runs it where a backend has it.
 */
export const adamStepKernel: KernelConfig = stepKernel(
  'ResourceApplyAdam',
  ['variable', 'firstMoment', 'secondMoment'],
  (of, binding) => {
    // The rate has the corrections of both moments in it: powers of zero turn off those of the operation.
    const zero = scalar(0);
    return {
      inputs: [zero, zero, of('rate'), of('beta1'), of('beta2'), of('epsilon'), of('gradient')],
      attributes: [locking(binding), { name: 'use_nesterov', type: binding.TF_ATTR_BOOL, value: false }],
    };
  },
);

/**
 * The step with momentum of one variable as one operation: inputs `variable`, `momentumBuffer`, `rate`, `gradient`, `momentum`;
 * outputs the first two after the step, `b' = μ b + g`, `x - rate b'`, with the attribute `nesterov` `x - rate (g + μ b')`.
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
 * A kernel of an operation that changes variables of TensorFlow, as a function of tensors: their numbers are lent to variables of their shape, and
 * handed out again as new tensors. The tensors that it changes are used up: nobody may read them after it, and all that may be done with them is
 * to dispose them or to assign them something else. Nothing outlives the step but the numbers it gave, so whoever assigns a variable between
 * two steps is heard.
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
          // What nobody else holds is changed in place; what a clone holds too is copied by the operation.
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
  // It stays for good, so it is taken out of the count of tensors, by which leaks are found.
  native.incRef(dataId);
  handle.dispose();
  return { dataId, dtype, shape: [] };
}
