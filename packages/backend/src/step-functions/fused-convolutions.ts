import { attributes } from './attributes.js';
import type { End, Graph, Node } from './graph.js';
import type { Body } from './prune.js';

/** Attributes of `_FusedConv2D` besides those of the convolution. */
const withBias = { num_args: attributes.int(1), TArgs: attributes.types([1]) };
const ownOfConvolution = ['use_cudnn_on_gpu'];

/**
 * A function whose convolutions add their bias and apply ReLU before they write, which spares passes over
 * memory; undefined if there is none that can.
 *
 * Whether the numbers are the same to the bit is up to the processor: try it before using it. A bias of
 * another shape ends the process, so its shape and that of the convolution have to be known.
 */
export function withFusedConvolutions(
  { nodes, controls }: Body,
  outputs: readonly End[],
  shapeOf: Graph['shapeOf'],
): Body | undefined {
  const byEnd = new Map(nodes.map((node) => [`${node.name}:0`, node]));
  const users = usersOf(nodes);
  const isOutput = new Set(outputs);
  const usersIn = (node: Node): readonly Node[] => users.get(`${node.name}:0`) ?? [];
  const isInner = (node: Node): boolean => !isOutput.has(`${node.name}:0`);
  const dropped = new Set<Node>();
  const fused = new Map<Node, Node>();
  const renamed = new Map<End, End>();
  for (const add of nodes) {
    const [convolution, bias] = partsOf(add, byEnd, shapeOf);
    if (convolution === undefined || bias === undefined) continue;
    if (usersIn(convolution).length > 1 || !isInner(convolution)) continue;
    const [relu] = usersIn(add).filter(({ op }) => op === 'Relu');
    const canRelu = relu !== undefined && isInner(add) && usersIn(add).every((user) => user === relu || isGradientOf(add, user)); // prettier-ignore
    const last = canRelu ? relu : add;
    dropped.add(convolution);
    if (canRelu) {
      dropped.add(add);
      // max(x, 0) is positive where x is.
      renamed.set(`${add.name}:0`, `${relu.name}:0`);
    }
    fused.set(last, fusedNode(convolution, bias, last.name, canRelu ? ['BiasAdd', 'Relu'] : ['BiasAdd']));
  }
  if (fused.size === 0) return undefined;
  const kept = nodes.filter((node) => !dropped.has(node)).map((node) => fused.get(node) ?? node);
  const rename = (node: Node): Node => ({ ...node, inputs: node.inputs.map((end) => renamed.get(end) ?? end) }); // prettier-ignore
  return { nodes: kept.map(rename), controls };
}

function usersOf(nodes: readonly Node[]): ReadonlyMap<End, readonly Node[]> {
  const users = new Map<End, Node[]>();
  for (const node of nodes)
    for (const end of node.inputs) {
      const known = users.get(end);
      if (known === undefined) users.set(end, [node]);
      else known.push(node);
    }
  return users;
}

/** The convolution and the end of the bias that a node adds. */
function partsOf(
  { op, inputs }: Node,
  byEnd: ReadonlyMap<End, Node>,
  shapeOf: Graph['shapeOf'],
): [Node?, End?] {
  const [one = '', other = ''] = inputs;
  const convolution = byEnd.get(one);
  if (op !== 'Add' || convolution?.op !== 'Conv2D') return [];
  const channels = shapeOf(one)?.at(-1);
  const [size, ...rest] = shapeOf(other) ?? [];
  return size !== undefined && size === channels && rest.length === 0 ? [convolution, other] : [];
}

function isGradientOf({ name }: Node, user: Node): boolean {
  return user.op === 'ReluGrad' && user.inputs[0] !== `${name}:0` && user.inputs[1] === `${name}:0`;
}

function fusedNode({ inputs, attrs }: Node, bias: End, name: string, operations: readonly string[]): Node {
  const shared = Object.entries(attrs).filter(([key]) => !ownOfConvolution.includes(key));
  return {
    name,
    op: '_FusedConv2D',
    inputs: [...inputs.slice(0, 2), bias, ...inputs.slice(2)],
    attrs: { ...Object.fromEntries(shared), ...withBias, fused_ops: attributes.strings(operations) },
  };
}
