import { engine } from '@tensorflow/tfjs-core';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import type { Computation, Computed } from '@kd/core';
import { endsIn } from './ends.js';
import type { Ends } from './ends.js';
import { idOf } from './function-backend.js';
import type { FunctionBackend } from './function-backend.js';
import { newGraph } from './graph.js';
import { lend } from './lent-variables.js';
import type { LentVariable } from './lent-variables.js';
import type { Operations } from './operations.js';
import { giveOwnNumbers } from './own-numbers.js';
import { recorded } from './recording.js';
import { resourcesOf } from './resources.js';
import type { Output, Written } from './written.js';

/** Runs a computation on tfjs-node, and writes it down. */
export function traced<Layout>(
  native: FunctionBackend,
  operations: Operations,
  { inputs, state, fixed = [], body }: Computation<Layout>,
): { readonly computed: Computed<Layout>; readonly written: Written } {
  const refusals: string[] = [];
  const refuse = (reason: string): void => void refusals.push(reason);
  const floats = state.filter(({ dtype }) => dtype === 'float32');
  if (floats.length < state.length) refuse('a variable of its state is not of float32');
  const lent = floats.map((variable) => lend(native, variable));
  try {
    for (const { refresh } of lent) refresh();
    const variables = variablesOn(native);
    const besides = variables.filter((variable) => !floats.includes(variable));
    giveOwnNumbers(native, besides, [...Object.values(inputs), ...floats, ...fixed]);
    const before = new Map(variables.map((variable) => [variable, variable.dataId]));
    const others = [...besides, ...fixed];
    // Numbers that TensorFlow does not have yet would look like constants.
    const otherIds = new Map(others.map((tensor) => [idOf(native, tensor), tensor]));

    const graph = newGraph();
    const resources = resourcesOf(graph);
    const ends = endsIn(native, graph, resources, otherIds, refuse);
    const typeOf = ({ dtype }: Tensor): number => native.getDTypeInteger(dtype);
    Object.values(inputs).forEach((input, index) => {
      const name = `input${String(index)}`;
      ends.set(idOf(native, input), graph.placeholder(name, typeOf(input), input.shape));
    });
    const cells = floats.map((variable, index) => {
      const { handle } = lent[index] as LentVariable;
      return resources.add(`state${String(index)}`, handle, idOf(native, variable), variable.shape);
    });
    const conditions: string[] = [];
    const records = { graph, ends, resources, conditions, refuse };
    const { computed, outputs, assigned } = recorded(native, operations, records, () => {
      const computed = body();
      const outputs = Object.entries(computed.tensors).map(
        ([name, tensor]) => [name, outputOf(native, ends, tensor)] as const,
      );
      const moved = variables.filter((one) => !one.isDisposed && before.get(one) !== one.dataId);
      for (const variable of moved) {
        const cell = cells[floats.indexOf(variable)];
        if (cell !== undefined) resources.settle(cell, outputOf(native, ends, variable).end);
      }
      const assigned = moved
        .filter((variable) => !floats.includes(variable))
        .map((variable) => ({ variable, ...outputOf(native, ends, variable) }));
      return { computed, outputs, assigned };
    });
    const holds = conditions.reduce<string | undefined>(
      (all, one) => (all === undefined ? one : `${graph.add('LogicalAnd', [all, one], {}).name}:0`),
      undefined,
    );
    const controls = resources.controls();
    if (holds !== undefined && controls.length > 0) refuse('it reads a condition and changes its state');
    const written = {
      graph,
      inputs: Object.keys(inputs),
      state: lent,
      captured: ends.captured,
      borrowed: resources.borrowed,
      outputs: Object.fromEntries(outputs),
      assigned,
      holds,
      controls,
      refusal: refusals[0],
    };
    return { computed, written };
  } catch (error) {
    for (const { release } of lent) release();
    throw error;
  }
}

// Those of another backend would be moved by looking at them.
function variablesOn(native: FunctionBackend): Variable[] {
  const all = Object.values(engine().registeredVariables as Record<string, Variable>);
  return all.filter(({ dataId, dtype }) => native.tensorMap.has(dataId) && dtype !== 'string');
}

function outputOf(native: FunctionBackend, ends: Ends, tensor: Tensor): Output {
  const { dtype, shape } = tensor;
  return { end: ends.of(idOf(native, tensor)), type: native.getDTypeInteger(dtype), shape };
}
