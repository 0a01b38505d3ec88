import type { Computation, Named, StepFunction, StepFunctions, Trace } from '@kd/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { differenceOf } from './difference.js';
import type { FunctionBackend } from './function-backend.js';
import { idOf } from './function-backend.js';
import { graphDef } from './graph.js';
import { readOperations } from './operations.js';
import type { Operations } from './operations.js';
import { withoutUnusedReads } from './prune.js';
import { traced } from './trace.js';
import type { Output, Written } from './written.js';

/** Functions of TensorFlow on tfjs-node's backend. */
export function stepFunctionsOn(native: FunctionBackend): StepFunctions {
  let operations: Operations | undefined;
  return {
    trace: <Layout>(computation: Computation<Layout>): Trace<Layout> => {
      operations ??= readOperations(native.binding.operations());
      const { computed, written } = traced(native, operations, computation);
      const dispose = (): void => {
        for (const { release } of written.state) release();
      };
      return {
        computed,
        refusal: written.refusal,
        differenceFrom: (other) => differenceOf(written, (other as TraceOfTensorflow<unknown>).written),
        compile: () => functionOf(native, written),
        dispose,
        written,
      } as TraceOfTensorflow<Layout>;
    },
  };
}

interface TraceOfTensorflow<Layout> extends Trace<Layout> {
  readonly written: Written;
}

/** Adds what was written to TensorFlow. The function keeps the state lent until it is disposed. */
function functionOf(native: FunctionBackend, written: Written): StepFunction {
  const { binding } = native;
  const { graph, inputs, state, captured, borrowed, outputs, assigned, holds, controls } = written;
  const name = `kd_${crypto.randomUUID().replaceAll('-', '')}`;
  const names = Object.keys(outputs);
  const all: readonly Output[] = [...Object.values(outputs), ...assigned];
  const ends = [...(holds === undefined ? [] : [holds]), ...all.map(({ end }) => end)];
  const placeholders = graph.nodes.filter(({ op }) => op === 'Placeholder').map((node) => node.name);
  const pruned = withoutUnusedReads({ nodes: graph.nodes, controls }, ends);
  binding.addFunction(name, graphDef(pruned), orderOf(placeholders), ends, pruned.controls);
  const tensorOf = (id: number, { type, shape }: Output): Tensor =>
    native.createOutputTensor({ id, dtype: type, shape });
  const call: StepFunction = {
    changesState: controls.length > 0,
    run: (given: Named): Named | undefined => {
      for (const { refresh } of state) refresh();
      const ids = Int32Array.of(
        ...inputs.map((input) => idOf(native, given[input] as Tensor)),
        ...state.map(({ handle }) => handle),
        ...captured.map((tensor) => idOf(native, tensor)),
        ...borrowed,
      );
      const made = [...binding.callFunction(name, ids, ends.length)];
      if (holds !== undefined) {
        const condition = made.shift() as number;
        const [isTrue] = Array.from(binding.tensorDataSync(condition));
        binding.deleteTensor(condition);
        if (!isTrue) {
          for (const id of made) binding.deleteTensor(id);
          return undefined;
        }
      }
      const tensors = all.map((output, index) => tensorOf(made[index] as number, output));
      for (const [index, { variable }] of assigned.entries()) {
        const value = tensors[names.length + index] as Tensor;
        variable.assign(value);
        value.dispose();
      }
      return Object.fromEntries(names.map((key, index) => [key, tensors[index] as Tensor]));
    },
    dispose: () => {
      forgotten.unregister(call);
      binding.removeFunction(name);
      for (const { release } of state) release();
    },
  };
  forgotten.register(call, () => { binding.removeFunction(name); }, call); // prettier-ignore
  return call;
}

// Teachers are rarely disposed, but their functions go with them.
const forgotten = new FinalizationRegistry<() => void>((remove) => { remove(); }); // prettier-ignore

// Placeholders are made when they are first used; the function takes them by kind.
function orderOf(placeholders: readonly string[]): string[] {
  const kinds = ['input', 'state', 'captured', 'borrowed'];
  return kinds.flatMap((kind) => placeholders.filter((name) => name.startsWith(kind)));
}
