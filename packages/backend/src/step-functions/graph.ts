import { attributes } from './attributes.js';
import type { Attributes } from './attributes.js';
import { bytesField, intField, joined } from './wire-format.js';

/** An operation of a graph. */
export interface Node {
  readonly name: string;
  readonly op: string;
  /** Ends of other nodes as `name:index`, then the nodes to wait for as `^name`. */
  readonly inputs: string[];
  readonly attrs: Attributes;
}

/** A tensor of a graph: the output of a node as `name:index`. */
export type End = string;

/** A graph that is being written. Equal computations give equal graphs, with equal names. */
export interface Graph {
  readonly nodes: readonly Node[];
  /** Adds an operation and returns its node. */
  add(op: string, inputs: readonly string[], attrs: Attributes): Node;
  /** The node with this operation, these inputs and attributes: a new one, or one that is there. */
  addOnce(op: string, inputs: readonly End[], attrs: Attributes): Node;
  /** Adds an input under its own name. */
  placeholder(name: string, type: number, shape: readonly number[]): End;
  constant(type: number, shape: readonly number[], content: Uint8Array): End;
  /** Notes the type of an end, which attributes of later nodes follow from, and its shape if it is known. */
  describe(end: End, type: number, shape?: readonly number[]): void;
  typeOf(end: End): number;
  readonly shapeOf: (end: End) => readonly number[] | undefined;
  isConstant(end: End): boolean;
}

/** The type of TensorFlow's resources, such as variables. */
export const resourceType = 20;

/** An empty graph. */
export function newGraph(): Graph {
  const nodes: Node[] = [];
  const described = new Map<End, { readonly type: number; readonly shape: readonly number[] | undefined }>();
  const constants = new Set<End>();
  const addNamed = (name: string, op: string, inputs: readonly string[], attrs: Attributes): Node => {
    const node = { name, op, inputs: [...inputs], attrs };
    nodes.push(node);
    return node;
  };
  const add: Graph['add'] = (op, inputs, attrs) =>
    addNamed(`${op}_${String(nodes.length)}`.replace(/^_/, 'x_'), op, inputs, attrs);
  const once = new Map<string, Node>();
  const addOnce: Graph['addOnce'] = (op, inputs, attrs) => {
    const key = JSON.stringify([op, inputs, Object.entries(attrs).map(([name, value]) => [name, ...value])]);
    const node = once.get(key) ?? add(op, inputs, attrs);
    once.set(key, node);
    return node;
  };
  const typed = ({ name }: Node, type: number, shape: readonly number[]): End => {
    described.set(`${name}:0`, { type, shape });
    return `${name}:0`;
  };
  return {
    nodes,
    add,
    addOnce,
    placeholder: (name, type, shape) =>
      typed(
        addNamed(name, 'Placeholder', [], {
          dtype: attributes.type(type),
          shape: attributes.shape(shape),
          // TensorFlow copies it to the argument of the function, and knows the shapes inside by it.
          _output_shapes: attributes.shapes([shape]),
        }),
        type,
        shape,
      ),
    constant: (type, shape, content) => {
      const attrs = { dtype: attributes.type(type), value: attributes.tensor(type, shape, content) };
      const end = typed(addOnce('Const', [], attrs), type, shape);
      constants.add(end);
      return end;
    },
    describe: (end, type, shape) => described.set(end, { type, shape }),
    typeOf: (end) => described.get(end)?.type ?? 0,
    shapeOf: (end) => described.get(end)?.shape,
    isConstant: (end) => constants.has(end),
  };
}

// The version of graphs that TensorFlow 2.9 and later write; they read older ones.
const producer = 1087;

/** A serialised GraphDef. */
export function graphDef({ nodes }: Pick<Graph, 'nodes'>): Uint8Array {
  return joined([...nodes.map(nodeDef), bytesField(4, intField(1, producer))]);
}

/** Whether an input of a node is another node to wait for. */
export function isControl(input: string): boolean {
  return input.startsWith('^');
}

function nodeDef({ name, op, inputs, attrs }: Node): Uint8Array {
  const ofAttrs = Object.entries(attrs).map(([key, value]) =>
    bytesField(5, joined([bytesField(1, key), bytesField(2, value)])),
  );
  const ofControls = [...new Set(inputs.filter(isControl))].map((input) => bytesField(3, input));
  const ofEnds = inputs.filter((input) => !isControl(input)).map((input) => bytesField(3, input));
  return bytesField(
    1,
    joined([bytesField(1, name), bytesField(2, op), ...ofEnds, ...ofControls, ...ofAttrs]),
  );
}
