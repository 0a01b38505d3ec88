import { attributes } from './attributes.js';
import { resourceType } from './graph.js';
import type { End, Graph, Node } from './graph.js';

/** A variable of TensorFlow inside a graph. */
export interface Cell {
  readonly handle: End;
  /** Undefined for one that an operation is lent. */
  readonly shape: readonly number[] | undefined;
  /** Reads the numbers from before the function. */
  initial: Node | undefined;
  firstChange: Node | undefined;
  /** What has touched it last: the nodes that touch it run in their order. */
  last: Node | undefined;
}

/** Follows what happens to TensorFlow's variables while a graph is written. */
export interface Resources {
  /** Adds a variable as an input of the graph. Before the function, the tensor `value` has its numbers. */
  add(name: string, handle: number, value: number, shape: readonly number[]): Cell;
  /** Whether an id is that of a known variable. */
  has(id: number): boolean;
  /** The end of a tensor that holds a variable's numbers from before the function. */
  initialOf(value: number): End | undefined;
  assign(handle: number, value: number, endOf: (id: number) => End): void;
  read(handle: number): End;
  /** The handle of a variable for an operation that changes it. */
  handleOf(handle: number): End;
  /** Notes that a node changes variables. */
  changed(handles: readonly number[], node: Node): void;
  /** Gives a variable its value after the function, unless it has it already. */
  settle(cell: Cell, value: End): void;
  /** Variables that single operations are lent and that became inputs, in the order of their inputs. */
  readonly borrowed: readonly number[];
  /** Nodes to run although no output depends on them. */
  controls(): string[];
}

/** The type of the numbers, the only one that variables have here. */
const dtype = { dtype: attributes.type(1) };

/**
 * What happens to TensorFlow's variables in a graph.
 *
 * The eager step of an optimizer lends numbers to variables of their shape, changes those, and reads them. In
 * a function the numbers are in variables of their own. So a lent variable stands for the own one: assigning
 * the numbers from before the function to it costs nothing, and what changes it changes the own one.
 */
export function resourcesOf(graph: Graph): Resources {
  const cells = new Map<number, Cell>();
  const standsFor = new Map<number, Cell>();
  const byValue = new Map<number, Cell>();
  const borrowed: number[] = [];
  const addCell = (name: string, handle: number, shape?: readonly number[]): Cell => {
    const placeholder = graph.placeholder(name, resourceType, []);
    const cell = { handle: placeholder, shape, initial: undefined, firstChange: undefined, last: undefined };
    cells.set(handle, cell);
    return cell;
  };
  const cellOf = (handle: number): Cell => {
    const known = standsFor.get(handle) ?? cells.get(handle);
    if (known !== undefined) return known;
    borrowed.push(handle);
    return addCell(`borrowed${String(borrowed.length)}`, handle);
  };
  const after = ({ last }: Cell): string[] => (last === undefined ? [] : [`^${last.name}`]);
  const note = (cell: Cell, node: Node, changes: boolean): void => {
    if (changes && cell.firstChange === undefined) {
      cell.firstChange = node;
      if (cell.initial !== undefined) node.inputs.push(`^${cell.initial.name}`);
    }
    cell.last = node;
  };
  const initial = (cell: Cell): End => {
    if (cell.initial === undefined) {
      cell.initial = graph.add('ReadVariableOp', [cell.handle], dtype);
      cell.firstChange?.inputs.push(`^${cell.initial.name}`);
      graph.describe(`${cell.initial.name}:0`, 1, cell.shape);
    }
    return `${cell.initial.name}:0`;
  };
  const assignTo = (cell: Cell, value: End): void => {
    note(cell, graph.add('AssignVariableOp', [cell.handle, value, ...after(cell)], dtype), true);
  };
  return {
    borrowed,
    add: (name, handle, value, shape) => {
      const cell = addCell(name, handle, shape);
      byValue.set(value, cell);
      return cell;
    },
    has: (id) => cells.has(id) || standsFor.has(id),
    initialOf: (value) => {
      const cell = byValue.get(value);
      return cell && initial(cell);
    },
    assign: (handle, value, endOf) => {
      const own = byValue.get(value);
      standsFor.delete(handle);
      if (own !== undefined && own.firstChange === undefined) standsFor.set(handle, own);
      else assignTo(cellOf(handle), endOf(value));
    },
    read: (handle) => {
      const cell = cellOf(handle);
      if (cell.firstChange === undefined) return initial(cell);
      const node = graph.add('ReadVariableOp', [cell.handle, ...after(cell)], dtype);
      note(cell, node, false);
      graph.describe(`${node.name}:0`, 1, cell.shape);
      return `${node.name}:0`;
    },
    handleOf: (handle) => cellOf(handle).handle,
    changed: (handles, node) => {
      for (const cell of new Set(handles.map(cellOf))) {
        node.inputs.push(...after(cell));
        note(cell, node, true);
      }
    },
    settle: (cell, value) => {
      const isThere = cell.last?.op === 'ReadVariableOp' && value === `${cell.last.name}:0`;
      if (!isThere) assignTo(cell, value);
    },
    controls: () =>
      [...cells.values()].flatMap(({ firstChange, last }) => (firstChange && last ? [last.name] : [])),
  };
}
