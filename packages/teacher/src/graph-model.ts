import { KdError, describeValue } from '@kd/core';
import type { Shape, StepRunner } from '@kd/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { inOneCall } from './in-one-call.js';
import type { InputInfo } from './named-inputs.js';

/** The parts that we use of a `GraphModel` from @tensorflow/tfjs-converter, which is not imported here. */
export interface GraphModelLike {
  readonly inputs: readonly { name: string; shape?: number[]; dtype: string }[];
  readonly inputNodes: readonly string[];
  readonly outputs: readonly { name: string; shape?: number[]; dtype: string }[];
  readonly outputNodes: readonly string[];
  readonly weights: Readonly<Record<string, Tensor[]>>;
  execute(inputs: Record<string, Tensor>, outputs?: string[]): Tensor | Tensor[];
  executeAsync(inputs: Record<string, Tensor>, outputs?: string[]): Promise<Tensor | Tensor[]>;
}

/** A node of a graph, as the converter writes it. */
interface GraphNode {
  readonly name: string;
  readonly op: string;
}

/** The graph of a loaded model: JSON with a list of nodes. */
export interface Topology {
  readonly node: readonly GraphNode[];
}

/** The graph of a model; throws `KD_MODEL_UNSUPPORTED` unless it is a loaded graph model. */
export function topologyOf(where: string, model: unknown): Topology {
  const fields: { execute?: unknown; weights?: unknown; artifacts?: { modelTopology?: { node?: unknown } } } =
    Object(model) as object;
  // Private in tfjs's types, but the graph is nowhere else.
  const topology = fields.artifacts?.modelTopology;
  const isModel = typeof fields.execute === 'function' && typeof fields.weights === 'object';
  if (isModel && Array.isArray(topology?.node)) return topology as Topology;
  throw new KdError({
    code: 'KD_MODEL_UNSUPPORTED',
    where,
    argument: 'model',
    expected: 'a graph model of tfjs-converter',
    received: isModel ? 'a model without a graph' : describeValue(model),
    remedy: 'Pass the result of loadGraphModel, or a layers model to layersTeacher.',
  });
}

/** The names of all values in a graph: the outputs in the signature, and all nodes that compute. */
export function nodesOf(model: GraphModelLike, { node }: Topology): string[] {
  const computing = node.filter(({ op }) => op !== 'Const' && op !== 'NoOp').map(({ name }) => name);
  return [...new Set([...model.outputNodes, ...computing])];
}

/** The inputs of a graph, by their names in the signature if it has one. */
export function graphInputs({ inputs, inputNodes }: GraphModelLike): InputInfo[] {
  return inputs.map(({ name, shape, dtype }, index) => ({
    name: inputNodes[index] ?? name,
    shape: shape?.map((size): Shape[number] => (size < 0 ? null : size)),
    dtypes: [dtype],
  }));
}

/**
 * Runs a graph outside gradient tapes, in one call of the backend where that is possible.
 *
 * A graph with control flow runs asynchronously.
 */
export async function runGraph(
  model: GraphModelLike,
  runner: StepRunner,
  inputs: ReadonlyMap<string, Tensor>,
  nodes: readonly string[],
): Promise<Tensor[]> {
  const feeds = Object.fromEntries(inputs);
  const weights = Object.values(model.weights).flat();
  const compute = (): Tensor[] => [model.execute(feeds, [...nodes])].flat();
  try {
    return inOneCall(runner, JSON.stringify(nodes), feeds, weights, compute);
  } catch (error) {
    // The only sign of control flow before the graph runs.
    if (!(error instanceof Error && error.message.includes('executeAsync'))) throw error;
    return [await model.executeAsync(feeds, [...nodes])].flat();
  }
}
