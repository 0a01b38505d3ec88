import type { Computation, Named, StepFunction, StepFunctions, Trace } from '@kd/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { callableOf, fasterIfEqual } from './callable.js';
import type { Callable } from './callable.js';
import { differenceOf } from './difference.js';
import type { FunctionBackend, FunctionBinding } from './function-backend.js';
import { idOf } from './function-backend.js';
import { withFusedConvolutions } from './fused-convolutions.js';
import type { End } from './graph.js';
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
  const { inputs, state, captured, borrowed, outputs, assigned, holds, controls } = written;
  const names = Object.keys(outputs);
  const all: readonly Output[] = [...Object.values(outputs), ...assigned];
  const callable = callableOfWritten(binding, written, [
    ...(holds === undefined ? [] : [holds]),
    ...all.map(({ end }) => end),
  ]);
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
      const made = [...callable.call(ids)];
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
      callable.remove();
      for (const { release } of state) release();
    },
  };
  forgotten.register(call, callable.remove, call);
  return call;
}

function callableOfWritten(
  binding: FunctionBinding,
  { graph, controls }: Written,
  outputs: readonly End[],
): Callable {
  const placeholders = graph.nodes.filter(({ op }) => op === 'Placeholder').map(({ name }) => name);
  const inputs = orderOf(placeholders);
  const body = withoutUnusedReads({ nodes: graph.nodes, controls }, outputs);
  const plain = callableOf(binding, body, inputs, outputs);
  // What changes its state cannot be tried out.
  const faster = controls.length > 0 ? undefined : withFusedConvolutions(body, outputs, graph.shapeOf);
  return faster === undefined
    ? plain
    : fasterIfEqual(binding, plain, () => callableOf(binding, faster, inputs, outputs));
}

// Teachers are rarely disposed, but their functions go with them.
const forgotten = new FinalizationRegistry<() => void>((remove) => { remove(); }); // prettier-ignore

// Placeholders are made when they are first used; the function takes them by kind.
function orderOf(placeholders: readonly string[]): string[] {
  const kinds = ['input', 'state', 'captured', 'borrowed'];
  return kinds.flatMap((kind) => placeholders.filter((name) => name.startsWith(kind)));
}
