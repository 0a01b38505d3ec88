import type { Tensor } from '@tensorflow/tfjs-core';
import type { layers, LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';

/** A tfjs layer. */
export type Layer = layers.Layer;
type GraphNode = Layer['inboundNodes'][number];

/** One application of a layer inside a container. */
export interface Application {
  readonly layer: Layer;
  /** Unique among the applications in the container. */
  readonly key: string;
  readonly inputs: readonly SymbolicTensor[];
  readonly outputs: readonly SymbolicTensor[];
  /** Values that nothing after this application reads, except the container's own inputs and outputs. */
  readonly done: readonly SymbolicTensor[];
}

/**
 * Whether a layer is itself a model. Checks members, because `instanceof` fails across two copies of
 * tfjs-layers.
 */
export function isContainer(layer: Layer): layer is LayersModel {
  const candidate = layer as Partial<LayersModel>;
  return (
    Array.isArray(candidate.layers) && Array.isArray(candidate.inputs) && Array.isArray(candidate.outputs)
  );
}

/** The model that a layer is, or that it wraps (`timeDistributed`). */
export function modelIn(layer: Layer): LayersModel | undefined {
  const { layer: wrapped } = layer as Layer & { readonly layer?: Layer };
  if (isContainer(layer)) return layer;
  return wrapped !== undefined && isContainer(wrapped) ? wrapped : undefined;
}

/** An activation of tfjs. */
export interface Activation {
  apply(x: Tensor): Tensor;
  getClassName(): string;
}

/**
 * The activation that a layer ends in; undefined for layers without one, and for unrelated fields of that
 * name in a user's layer.
 */
export function activationOf(layer: Layer): Activation | undefined {
  const { activation } = layer as Layer & { activation?: Partial<Activation> | null };
  return typeof activation?.getClassName === 'function' ? (activation as Activation) : undefined;
}

// Keyed by the array of outputs, which a Sequential replaces whenever a layer is added or removed.
const applicationsByOutputs = new WeakMap<readonly SymbolicTensor[], readonly Application[]>();

/**
 * The applications of layers that lead from a container's inputs to its outputs, in the order of tfjs's own
 * executor: each after the ones it depends on.
 *
 * It excludes other inbound nodes: a layer shared with another model has nodes that do not belong to this
 * one.
 */
export function applicationsOf(container: LayersModel): readonly Application[] {
  const known = applicationsByOutputs.get(container.outputs);
  if (known !== undefined) return known;
  const read = new Set([...container.inputs, ...container.outputs]);
  const applications = nodesOf(container)
    .reverse()
    .map((node) => applicationOf(node, read))
    .reverse();
  applicationsByOutputs.set(container.outputs, applications);
  return applications;
}

/** `read` holds the values that later applications read; the values that this one reads are added. */
function applicationOf(node: GraphNode, read: Set<SymbolicTensor>): Application {
  const { outboundLayer: layer, inputTensors: inputs, outputTensors: outputs } = node;
  return {
    layer,
    key: `${layer.name}:${String(layer.inboundNodes.indexOf(node))}`,
    inputs,
    outputs,
    done: [...inputs, ...outputs].filter((tensor) => !read.has(tensor) && read.add(tensor)),
  };
}

function nodesOf(container: LayersModel): GraphNode[] {
  const visited = new Set<GraphNode>();
  const order: GraphNode[] = [];
  // Depth-first with an explicit stack, because a deep, thin student can be deeper than the call stack.
  const stack = container.outputs.map((tensor) => ({ tensor, expanded: false })).reverse();
  const given = new Set(container.inputs);
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { tensor, expanded } = top;
    const node = tensor.sourceLayer.inboundNodes[tensor.nodeIndex];
    if (node === undefined || given.has(tensor)) continue;
    if (expanded) {
      order.push(node);
      continue;
    }
    if (visited.has(node)) continue;
    visited.add(node);
    stack.push({ tensor, expanded: true });
    for (const input of node.inputTensors) stack.push({ tensor: input, expanded: false });
  }
  return order;
}
