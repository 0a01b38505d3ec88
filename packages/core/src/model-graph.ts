import type { layers, LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';

/** A tfjs layer. */
export type Layer = layers.Layer;
type GraphNode = Layer['inboundNodes'][number];

/** One application of a layer inside a container. */
export interface Application {
  readonly layer: Layer;
  /** Unique among the applications of the container. */
  readonly key: string;
  readonly inputs: readonly SymbolicTensor[];
  readonly outputs: readonly SymbolicTensor[];
}

/** Whether a layer is a model itself. By its members: `instanceof` fails across two copies of tfjs-layers. */
export function isContainer(layer: Layer): layer is LayersModel {
  const candidate = layer as Partial<LayersModel>;
  return (
    Array.isArray(candidate.layers) && Array.isArray(candidate.inputs) && Array.isArray(candidate.outputs)
  );
}

function applicationOf(node: GraphNode): Application {
  const layer = node.outboundLayer;
  return {
    layer,
    key: `${layer.name}:${String(layer.inboundNodes.indexOf(node))}`,
    inputs: node.inputTensors,
    outputs: node.outputTensors,
  };
}

const applicationsOfContainer = new WeakMap<LayersModel, readonly Application[]>();

/**
 * The applications of layers that lead from a container's inputs to its outputs, each after those it depends on.
 *
 * Only these: a layer that is shared with another model has inbound nodes that do not belong to this one.
 */
export function applicationsOf(container: LayersModel): readonly Application[] {
  const known = applicationsOfContainer.get(container);
  if (known !== undefined) return known;
  const visited = new Set<GraphNode>();
  const order: Application[] = [];
  // Depth-first with an explicit stack: a deep, thin student can be deeper than the call stack allows.
  const stack = container.outputs.map((tensor) => ({ tensor, expanded: false })).reverse();
  const given = new Set(container.inputs);
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { tensor, expanded } = top;
    const node = tensor.sourceLayer.inboundNodes[tensor.nodeIndex];
    if (node === undefined || given.has(tensor)) continue;
    if (expanded) {
      order.push(applicationOf(node));
      continue;
    }
    if (visited.has(node)) continue;
    visited.add(node);
    stack.push({ tensor, expanded: true });
    for (const input of [...node.inputTensors].reverse()) stack.push({ tensor: input, expanded: false });
  }
  applicationsOfContainer.set(container, order);
  return order;
}
