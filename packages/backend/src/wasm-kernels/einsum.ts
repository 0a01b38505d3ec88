import { backend_util, util } from '@tensorflow/tfjs-core';
import type { EinsumAttrs, KernelBackend, KernelFunc, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { composed } from '../composed.js';
import type { RunKernel } from '../composed.js';

/** A tensor whose axes are named by numbers, one for each letter of the equation. */
interface Labelled {
  readonly tensor: TensorInfo;
  readonly axes: readonly number[];
}

/**
 * Einstein summation of one or two tensors, with one matrix product for each combination of the axes shared
 * by both tensors and the output.
 */
export const einsum: KernelFunc = ({ inputs, backend, attrs }) => {
  const { equation } = attrs as unknown as EinsumAttrs;
  const tensors = Object.values(inputs) as TensorInfo[];
  const { allDims, summedDims, idDims } = backend_util.decodeEinsumEquation(equation, tensors.length);
  backend_util.checkEinsumDimSizes(allDims.length, idDims, tensors as Tensor[]);
  const kept = [...Array(allDims.length - summedDims.length).keys()];
  return composed(backend as KernelBackend, (run) => {
    const operands = tensors.map((tensor, index) => {
      const others = idDims.filter((_, other) => other !== index).flat();
      return summedOver({ tensor, axes: idDims[index] as number[] }, [...kept, ...others], run);
    });
    const [a, b] = operands as [Labelled, Labelled | undefined];
    return ordered(b === undefined ? a : product(a, b, kept, run), kept, run);
  });
};

/** Sums over the axes that nothing else needs. */
function summedOver({ tensor, axes }: Labelled, needed: readonly number[], run: RunKernel): Labelled {
  const axis = axes.flatMap((label, index) => (needed.includes(label) ? [] : [index]));
  if (axis.length === 0) return { tensor, axes };
  return {
    tensor: run('Sum', { x: tensor }, { axis, keepDims: false }),
    axes: axes.filter((label) => needed.includes(label)),
  };
}

function product(a: Labelled, b: Labelled, kept: readonly number[], run: RunKernel): Labelled {
  const shared = a.axes.filter((label) => b.axes.includes(label));
  const batch = shared.filter((label) => kept.includes(label));
  const inner = shared.filter((label) => !kept.includes(label));
  const rows = a.axes.filter((label) => !shared.includes(label));
  const columns = b.axes.filter((label) => !shared.includes(label));
  const left = matrices(a, [batch, rows, inner], run);
  const right = matrices(b, [batch, inner, columns], run);
  const options = { transposeA: false, transposeB: false };
  const tensor = run('BatchMatMul', { a: left, b: right }, options);
  const shape = [...sizesOf(a, [...batch, ...rows]), ...sizesOf(b, columns)];
  return { tensor: run('Reshape', { x: tensor }, { shape }), axes: [...batch, ...rows, ...columns] };
}

function matrices(operand: Labelled, groups: readonly (readonly number[])[], run: RunKernel): TensorInfo {
  const shape = groups.map((labels) => util.sizeFromShape(sizesOf(operand, labels)));
  return run('Reshape', { x: ordered(operand, groups.flat(), run) }, { shape });
}

function ordered({ tensor, axes }: Labelled, order: readonly number[], run: RunKernel): TensorInfo {
  return run('Transpose', { x: tensor }, { perm: order.map((label) => axes.indexOf(label)) });
}

function sizesOf({ tensor, axes }: Labelled, labels: readonly number[]): number[] {
  return labels.map((label) => tensor.shape[axes.indexOf(label)] as number);
}
