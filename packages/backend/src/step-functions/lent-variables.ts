import { engine } from '@tensorflow/tfjs-core';
import type { Variable } from '@tensorflow/tfjs-core';
import { idOf } from './function-backend.js';
import type { Entry, FunctionBackend } from './function-backend.js';

/** A tfjs variable whose numbers are in a variable of TensorFlow, which functions change in place. */
export interface LentVariable {
  /** The id of TensorFlow's variable. */
  readonly handle: number;
  /** Makes both hold the same numbers again. Call it before each run. */
  readonly refresh: () => void;
  /** Gives the numbers back to tfjs once all who have called `lend` have called this. */
  readonly release: () => void;
}

/** An entry in tfjs-node whose numbers are in TensorFlow's variable. */
interface LentEntry extends Entry {
  /** Reads them, unless it has; what was read shares their memory. */
  read(): number;
  /** Lets go of what was read. */
  forget(): void;
}

interface Shared extends LentVariable {
  users: number;
}

const lent = new WeakMap<Variable, Shared>();
// Variables of this name belong to their handle, and go with it.
const anonymous = 'cd2c89b7-88b7-44c8-ad83-06c2a9158347';

/**
 * Lends the numbers of a float32 variable to TensorFlow.
 *
 * The variable's own entry in tfjs-node then reads them when somebody asks for them, and shares them without
 * a copy; before the next run what was read is let go, so that the run changes the numbers where they are. A
 * clone keeps its numbers, because TensorFlow copies what is shared. An assignment brings another entry, and
 * is handed to TensorFlow. So nobody has to tell of `setWeights`, checkpoints or best epochs.
 */
export function lend(native: FunctionBackend, variable: Variable): LentVariable {
  const shared = lent.get(variable) ?? makeLent(native, variable);
  lent.set(variable, shared);
  shared.users += 1;
  return shared;
}

function makeLent(native: FunctionBackend, variable: Variable): Shared {
  const { binding } = native;
  const dtype = { name: 'dtype', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT };
  const run = (op: string, inputs: readonly number[], outputs: number): number | undefined =>
    binding.executeOp(op, [dtype], inputs, outputs)[0]?.id;
  const handle = makeHandle(native, variable.shape);
  let entry: LentEntry | undefined;
  const newEntry = (): LentEntry => {
    let id: number | undefined;
    return {
      shape: variable.shape,
      dtype: binding.TF_FLOAT,
      values: null,
      refCount: 1,
      get id() {
        return this.read();
      },
      read() {
        return (id ??= run('ReadVariableOp', [handle], 1) as number);
      },
      forget() {
        if (id !== undefined) binding.deleteTensor(id);
        id = undefined;
      },
    };
  };
  const refresh = (): void => {
    const present = native.tensorMap.get(variable.dataId);
    if (present === entry && present.refCount === 1) {
      entry.forget();
      return;
    }
    // A clone shares the entry: it keeps what it reads now, and the variable gets an entry of its own.
    if (present === entry) entry.read();
    else run('AssignVariableOp', [handle, idOf(native, variable)], 0);
    const made = newEntry();
    const dataId = {};
    native.tensorMap.set(dataId, made);
    const { shape, dtype } = variable;
    const tensor = engine().makeTensorFromTensorInfo({ dataId, shape, dtype });
    variable.assign(tensor);
    tensor.dispose();
    // tfjs-node asks for the id even of what it does not free yet.
    made.forget();
    entry = made;
  };
  const shared: Shared = {
    handle,
    users: 0,
    refresh,
    release: () => {
      shared.users -= 1;
      if (shared.users > 0) return;
      lent.delete(variable);
      // What was read stays when TensorFlow's variable goes.
      if (entry !== undefined && entry.refCount > 0) entry.read();
      destroy(native, handle);
    },
  };
  return shared;
}

/** Frees a variable and its handle. */
function destroy({ binding }: FunctionBackend, handle: number): void {
  const ignore = { name: 'ignore_lookup_error', type: binding.TF_ATTR_BOOL, value: true };
  binding.executeOp('DestroyResourceOp', [ignore], [handle], 0);
  binding.deleteTensor(handle);
}

function makeHandle({ binding }: FunctionBackend, shape: number[]): number {
  const text = (name: string, value: string) => ({ name, type: binding.TF_ATTR_STRING, value });
  const attributes = [
    { name: 'dtype', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    { name: 'shape', type: binding.TF_ATTR_SHAPE, value: shape },
    text('container', ''),
    text('shared_name', anonymous),
  ];
  return (binding.executeOp('VarHandleOp', attributes, [], 1)[0] as { readonly id: number }).id;
}
