import { attributeOf } from './attribute-of.js';
import type { Ends } from './ends.js';
import type { FunctionBackend, FunctionBinding } from './function-backend.js';
import type { End, Graph } from './graph.js';
import { inferredAttributes } from './operations.js';
import type { Operations } from './operations.js';
import type { Resources } from './resources.js';

/** Where a recording goes. */
export interface Records {
  readonly graph: Graph;
  readonly ends: Ends;
  readonly resources: Resources;
  /** Ends that are true as long as the conditions that the computation has read are what they were. */
  readonly conditions: End[];
  readonly refuse: (reason: string) => void;
}

// JavaScript computes on with the sizes that it sees, which a graph keeps.
const ofAnySize = ['Unique', 'UniqueV2', 'Where', 'NonMaxSuppressionV3', 'NonMaxSuppressionV4', 'NonMaxSuppressionV5']; // prettier-ignore
// A graph has a generator of random numbers of its own, and not that of single operations.
const drawing = ['Multinomial', 'RandomStandardNormal', 'RandomUniform', 'TruncatedNormal'];

/** Runs `body` on a binding that does what the real one does, and writes it down. */
export function recorded<Result>(
  native: FunctionBackend,
  operations: Operations,
  { graph, ends, resources, conditions, refuse }: Records,
  body: () => Result,
): Result {
  const { binding } = native;
  const noteOperation: FunctionBinding['executeOp'] = (op, attrs, ids, count) => {
    const made = binding.executeOp(op, attrs, ids, count);
    const [handle = 0, value = 0] = ids;
    if (op === 'AssignVariableOp') {
      resources.assign(handle, value, ends.of);
      return made;
    }
    if (op === 'ReadVariableOp') {
      ends.set(made[0]?.id ?? 0, resources.read(handle));
      return made;
    }
    if (ofAnySize.includes(op)) refuse('the sizes of its tensors depend on their numbers');
    if (drawing.includes(op)) refuse('it draws numbers in TensorFlow');
    const from = ids.map((id) => (resources.has(id) ? resources.handleOf(id) : ends.of(id)));
    const given = Object.fromEntries(attrs.map((attr) => [attr.name, attributeOf(binding, attr)]));
    const types = from.map((end) => graph.typeOf(end));
    const { inputs, isStateful } = operations.get(op) ?? { inputs: [], isStateful: true };
    const all = { ...given, ...inferredAttributes(inputs, given, types) };
    const node = isStateful ? graph.add(op, from, all) : graph.addOnce(op, from, all);
    resources.changed(ids.filter((id) => resources.has(id)), node); // prettier-ignore
    for (const [index, { id, dtype, shape }] of made.entries()) {
      ends.set(id, `${node.name}:${String(index)}`);
      graph.describe(`${node.name}:${String(index)}`, dtype, shape);
    }
    return made;
  };
  const noteConstant: FunctionBinding['createTensor'] = (shape, dtype, values) => {
    const id = binding.createTensor(shape, dtype, values);
    if (ArrayBuffer.isView(values))
      ends.set(id, graph.constant(dtype, shape, new Uint8Array(values.buffer, values.byteOffset, values.byteLength))); // prettier-ignore
    else refuse('it makes a tensor of texts');
    return id;
  };
  const noteRead: FunctionBinding['tensorDataSync'] = (id) => {
    const values = binding.tensorDataSync(id);
    const end = ends.madeBy(id);
    if (end !== undefined && values.length === 1 && graph.typeOf(end) === binding.TF_BOOL)
      conditions.push(Number(values[0]) === 1 ? end : `${graph.add('LogicalNot', [end], {}).name}:0`);
    else if (end === undefined || !graph.isConstant(end)) refuse('it reads numbers back');
    return values;
  };
  const noteSavedModel: FunctionBinding['runSavedModel'] = (...args) => {
    refuse('it runs a saved model');
    return binding.runSavedModel(...args);
  };
  // The binding's own properties cannot be replaced.
  native.binding = Object.create(binding, {
    executeOp: { value: noteOperation },
    createTensor: { value: noteConstant },
    tensorDataSync: { value: noteRead },
    runSavedModel: { value: noteSavedModel },
  }) as typeof binding;
  try {
    return body();
  } finally {
    native.binding = binding;
  }
}
