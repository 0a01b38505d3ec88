import type { Tensor } from '@tensorflow/tfjs-core';
import type { FunctionBackend } from './function-backend.js';
import type { End, Graph } from './graph.js';
import type { Resources } from './resources.js';

/** Knows which tensor of a running computation is which end of its graph. */
export interface Ends {
  readonly set: (id: number, end: End) => void;
  /** The end of a tensor that the computation has made, or undefined. */
  readonly madeBy: (id: number) => End | undefined;
  /** The end of any tensor. Variables and fixed tensors become inputs of the graph. */
  readonly of: (id: number) => End;
  /** Those that became inputs, in the order of their inputs. */
  readonly captured: readonly Tensor[];
}

/**
 * Ends in a graph whose state is in `resources`; `others` are variables and fixed tensors besides, by id.
 */
export function endsIn(
  native: FunctionBackend,
  graph: Graph,
  resources: Resources,
  others: ReadonlyMap<number, Tensor>,
  refuse: (reason: string) => void,
): Ends {
  const ends = new Map<number, End>();
  const captured: Tensor[] = [];
  const captureOf = (id: number): End => {
    const other = others.get(id);
    if (other === undefined) {
      refuse('it uses a tensor from outside that is neither an input nor a variable');
      return graph.constant(native.binding.TF_FLOAT, [], new Uint8Array(4));
    }
    captured.push(other);
    const type = native.getDTypeInteger(other.dtype);
    const end = graph.placeholder(`captured${String(captured.length)}`, type, other.shape);
    ends.set(id, end);
    return end;
  };
  return {
    captured,
    set: (id, end) => ends.set(id, end),
    madeBy: (id) => ends.get(id),
    of: (id) => ends.get(id) ?? resources.initialOf(id) ?? captureOf(id),
  };
}
