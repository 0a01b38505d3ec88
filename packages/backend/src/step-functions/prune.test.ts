import { expect, it } from 'vitest';
import { newGraph } from './graph.js';
import { withoutUnusedReads } from './prune.js';

it('drops reads that nobody uses, and lets who waits for them wait for what they wait for', () => {
  const graph = newGraph();
  const handle = graph.placeholder('state0', 20, []);
  const first = graph.add('AssignVariableOp', [handle, 'x:0'], {});
  const unused = graph.add('ReadVariableOp', [handle, `^${first.name}`], {});
  const again = graph.add('ReadVariableOp', [handle, `^${unused.name}`], {});
  const second = graph.add('AssignVariableOp', [handle, 'y:0', `^${again.name}`], {});
  const used = graph.add('ReadVariableOp', [handle, `^${second.name}`], {});
  const last = graph.add('ReadVariableOp', [handle, `^${used.name}`], {});
  const body = { nodes: graph.nodes, controls: [last.name] };

  const { nodes, controls } = withoutUnusedReads(body, [`${used.name}:0`]);
  expect(nodes.map(({ name }) => name)).toEqual(['state0', first.name, second.name, used.name]);
  expect(nodes[2]?.inputs).toEqual([handle, 'y:0', `^${first.name}`]);
  // A read that is used stays in its place.
  expect(controls).toEqual([used.name]);
  expect(withoutUnusedReads(body, []).controls).toEqual([second.name]);
});
