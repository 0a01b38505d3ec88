// In which order a graph touches variables. TensorFlow may keep it by chance, so that numbers do not show it.
import { describe, expect, it } from 'vitest';
import { newGraph } from './graph.js';
import type { Node } from './graph.js';
import { resourcesOf } from './resources.js';

const [handle, value, lent] = [1, 2, 3];

function written() {
  const graph = newGraph();
  const resources = resourcesOf(graph);
  const cell = resources.add('state0', handle, value, [3]);
  const waits = ({ inputs }: Pick<Node, 'inputs'>): string[] => inputs.filter((one) => one.startsWith('^'));
  const nodeOf = (end: string | undefined): Node =>
    graph.nodes.find(({ name }) => name === end?.replace(/:.*/, '')) as Node;
  /** An operation that changes a variable, by the handle that the eager step lends. */
  const change = (id: number): Node => {
    const node = graph.add('ResourceApply', [resources.handleOf(id)], {});
    resources.changed([id], node);
    return node;
  };
  return { graph, resources, cell, waits, nodeOf, change };
}

describe('a variable in a graph', () => {
  it('is read before its first change, whichever is written first', () => {
    for (const isReadFirst of [true, false]) {
      const { resources, waits, nodeOf, change } = written();
      const early = isReadFirst ? resources.initialOf(value) : undefined;
      const changed = change(handle);
      const read = nodeOf(early ?? resources.initialOf(value));
      expect(waits(changed)).toEqual([`^${read.name}`]);
      expect(waits(read)).toEqual([]);
    }
  });

  it('is changed and read again in the order of the calls', () => {
    const { resources, waits, nodeOf, change } = written();
    const [first, second] = [change(handle), change(handle)];
    const read = nodeOf(resources.read(handle));
    const third = change(handle);
    expect(waits(second)).toEqual([`^${first.name}`]);
    expect(waits(read)).toEqual([`^${second.name}`]);
    expect(waits(third)).toEqual([`^${read.name}`]);
    expect(resources.controls()).toEqual([third.name]);
  });

  it('is changed itself where the eager step changes a lent one', () => {
    const { graph, resources, cell, change, nodeOf } = written();
    resources.assign(lent, value, () => '');
    expect(change(lent).inputs).toEqual([cell.handle]);
    const read = resources.read(lent);
    const { length } = graph.nodes;
    resources.settle(cell, read);
    expect(graph.nodes).toHaveLength(length);
    expect(resources.controls()).toEqual([nodeOf(read).name]);
    expect(resources.borrowed).toEqual([]);
  });

  it('gets what was computed from its numbers, in the end', () => {
    const { graph, resources, cell, waits } = written();
    resources.initialOf(value);
    resources.settle(cell, 'Mul_1:0');
    const assigned = graph.nodes.at(-1) as Node;
    expect(assigned.op).toBe('AssignVariableOp');
    expect(waits(assigned)).toEqual([`^${graph.nodes[1]?.name ?? ''}`]);
    expect(resources.controls()).toEqual([assigned.name]);
  });

  it('needs no control if nothing changes it, and another one if its numbers are not known', () => {
    const { resources } = written();
    resources.initialOf(value);
    expect(resources.controls()).toEqual([]);
    resources.read(9);
    expect(resources.borrowed).toEqual([9]);
  });
});
