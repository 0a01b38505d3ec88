import { add, conv2d, conv2dTranspose, matMul, reshape } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { resizeMap, resizeMatrix } from './resize.js';
import type { MapShape } from './map-shape.js';
import type { RegressorPlan } from './plan.js';

/** The parameters of a regressor, and the constants that resize. */
export interface RegressorTensors {
  readonly kernel?: Tensor;
  readonly bias?: Tensor;
  readonly rows?: Tensor;
  readonly columns?: Tensor;
}

/** The constants of a regressor of kind `resize`. */
export function resizingConstants({ kind, student, teacher }: RegressorPlan): {
  readonly rows?: Tensor2D;
  readonly columns?: Tensor2D;
} {
  if (kind !== 'resize') return {};
  return {
    rows: resizeMatrix(student.height as number, teacher.height as number),
    columns: resizeMatrix(student.width as number, teacher.width as number),
  };
}

/** Applies a regressor, without its activation, to the output of the guided layer. */
export function regress(plan: RegressorPlan, tensors: RegressorTensors, guided: Tensor): Tensor {
  const { kernel, bias, rows, columns } = tensors;
  if (kernel === undefined || bias === undefined) return guided;
  const [batch = 1] = guided.shape;
  const positions = guided.shape.slice(1, -1);
  const asMap = (): Tensor4D => reshape(guided, [batch, ...sizesOf(guided), plan.student.channels]);
  const shaped = (x: Tensor): Tensor => reshape(add(x, bias), [batch, ...(plan.hintShape as number[])]);
  switch (plan.kind) {
    case 'identity':
      return guided;
    case 'pointwise':
      return reshape(add(timesKernel(guided, kernel), bias), [batch, ...positions, plan.teacher.channels]);
    case 'convolution':
      return shaped(conv2d(asMap(), kernel as Tensor4D, 1, 'valid'));
    case 'transposed': {
      const { height, width, channels } = plan.teacher;
      const outputShape: [number, number, number, number] = [
        batch,
        height as number,
        width as number,
        channels,
      ];
      return shaped(
        conv2dTranspose(asMap(), kernel as Tensor4D, outputShape, plan.strides as [number, number], 'valid'),
      );
    }
    case 'resize': {
      const resize = (map: Tensor): Tensor => resizeMap(map, rows as Tensor2D, columns as Tensor2D);
      const learn = (map: Tensor): Tensor =>
        reshape(timesKernel(map, kernel), [...map.shape.slice(0, -1), plan.teacher.channels]);
      // Both are linear and act on different axes, so their order is free: the product is cheaper on the
      // smaller map.
      const map = asMap();
      return shaped(area(plan.student) > area(plan.teacher) ? learn(resize(map)) : resize(learn(map)));
    }
  }
}

function area({ height, width }: MapShape): number {
  return (height ?? 0) * (width ?? 0);
}

/** Height and width of a tensor; a sequence is one row, a vector one position. */
function sizesOf({ rank, shape }: Tensor): [number, number] {
  if (rank === 4) return [shape[1] as number, shape[2] as number];
  return [1, rank === 3 ? (shape[1] as number) : 1];
}

function timesKernel(x: Tensor, kernel: Tensor): Tensor {
  const channels = x.shape.at(-1) ?? 1;
  return matMul(reshape(x, [-1, channels]), kernel as Tensor2D);
}
