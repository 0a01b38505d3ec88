import { expect, it } from 'vitest';
import { withFusedConvolutions } from './fused-convolutions.js';
import { newGraph } from './graph.js';
import type { End, Graph, Node } from './graph.js';

interface Parts {
  readonly graph: Graph;
  readonly convolution: Node;
  readonly add: Node;
}
const endOf = ({ name }: Node): End => `${name}:0`;

/** `conv2d(x, kernel) + bias` with 4 channels. */
function convolutionWithBias(bias: readonly number[] | undefined = [4]): Parts {
  const graph = newGraph();
  const x = graph.placeholder('input0', 1, [8, 5, 5, 3]);
  const read = (shape: readonly number[] | undefined): End => {
    const end = endOf(graph.add('ReadVariableOp', [], {}));
    graph.describe(end, 1, shape);
    return end;
  };
  const [kernel, toAdd] = [read([3, 3, 3, 4]), read(bias)];
  const convolution = graph.add('Conv2D', [x, kernel], {
    strides: Uint8Array.of(1),
    use_cudnn_on_gpu: Uint8Array.of(2),
  });
  graph.describe(endOf(convolution), 1, [8, 5, 5, 4]);
  return { graph, convolution, add: graph.add('Add', [endOf(convolution), toAdd], {}) };
}
const operationsOf = (nodes: readonly Node[] | undefined): string[] | undefined => nodes?.map(({ op }) => op);
const fusedWith = ({ graph }: Parts, outputs: readonly End[]): readonly Node[] | undefined =>
  withFusedConvolutions({ nodes: graph.nodes, controls: ['last'] }, outputs, graph.shapeOf)?.nodes;

it('joins a convolution, its bias and relu, whose gradient reads what relu wrote', () => {
  const parts = convolutionWithBias();
  const { graph, convolution, add } = parts;
  const relu = graph.add('Relu', [endOf(add)], {});
  const gradient = graph.add('ReluGrad', ['dy:0', endOf(add)], {});
  const last = graph.add('Mul', [endOf(relu), endOf(gradient)], {});
  const nodes = fusedWith(parts, [endOf(last)]);
  expect(operationsOf(nodes)).toEqual(['Placeholder', 'ReadVariableOp', 'ReadVariableOp', '_FusedConv2D', 'ReluGrad', 'Mul']); // prettier-ignore
  const [, , , fused, newGradient, sameLast] = nodes ?? [];
  expect(fused?.name).toBe(relu.name);
  expect(fused?.inputs).toEqual([...convolution.inputs, add.inputs[1]]);
  expect(Object.keys(fused?.attrs ?? {}).sort()).toEqual(['TArgs', 'fused_ops', 'num_args', 'strides']);
  expect(new TextDecoder().decode(fused?.attrs['fused_ops'])).toMatch(/BiasAdd.*Relu/);
  expect(newGradient?.inputs).toEqual(['dy:0', endOf(relu)]);
  expect(sameLast).toEqual(last);
  // The graph that was written stays as it is.
  expect(gradient.inputs).toEqual(['dy:0', endOf(add)]);
});

it('joins only the bias where others read the sum', () => {
  const parts = convolutionWithBias();
  const { graph, add } = parts;
  const relu = graph.add('Relu', [endOf(add)], {});
  const tanh = graph.add('Tanh', [endOf(add)], {});
  const nodes = fusedWith(parts, [endOf(relu), endOf(tanh)]);
  expect(operationsOf(nodes)?.slice(3)).toEqual(['_FusedConv2D', 'Relu', 'Tanh']);
  expect(nodes?.[3]?.name).toBe(add.name);
  expect(new TextDecoder().decode(nodes?.[3]?.attrs['fused_ops'])).not.toContain('Relu');
});

it('keeps the sum where it is an output, or where the gradient of relu is taken at another place', () => {
  const output = convolutionWithBias();
  const relu = output.graph.add('Relu', [endOf(output.add)], {});
  expect(operationsOf(fusedWith(output, [endOf(relu), endOf(output.add)]))?.at(-1)).toBe('Relu');
  const other = convolutionWithBias();
  other.graph.add('Relu', [endOf(other.add)], {});
  other.graph.add('ReluGrad', [endOf(other.add), endOf(other.add)], {});
  expect(operationsOf(fusedWith(other, []))?.slice(-2)).toEqual(['Relu', 'ReluGrad']);
});

it('leaves a convolution that others read', () => {
  const output = convolutionWithBias();
  expect(fusedWith(output, [endOf(output.convolution)])).toBeUndefined();
  const twice = convolutionWithBias();
  twice.graph.add('Tanh', [endOf(twice.convolution)], {});
  expect(fusedWith(twice, [])).toBeUndefined();
});

it.each([
  ['an image', [8, 5, 5, 4]],
  ['one number', [1]],
  ['a scalar', []],
  ['an unknown shape', undefined],
])('leaves a convolution to which %s is added', (_, shape) => {
  const parts = convolutionWithBias([4]);
  parts.graph.describe(parts.add.inputs[1] ?? '', 1, shape);
  expect(fusedWith(parts, [])).toBeUndefined();
});
