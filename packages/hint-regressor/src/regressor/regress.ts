import { add, matMul, reshape } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { convolved, transposed } from './convolved.js';
import { normalized } from './normalized.js';
import { resizeMap, resizeMatrix } from './resize.js';
import type { MapShape } from './map-shape.js';
import type { RegressorPlan } from './kinds.js';

/** The parameters of a regressor, and the constants that resize. */
export interface RegressorTensors {
  readonly kernel?: Tensor | undefined;
  readonly bias?: Tensor | undefined;
  /** Of the batch normalisation that takes the place of the bias. */
  readonly scale?: Tensor | undefined;
  readonly offset?: Tensor | undefined;
  readonly rows?: Tensor | undefined;
  readonly columns?: Tensor | undefined;
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

/**
 * Applies a regressor, without its activation, to the output of the guided layer. A mask says which positions
 * of the result count in the statistics of a normalisation.
 */
export function regress(
  plan: RegressorPlan,
  { kernel, bias, scale, offset, rows, columns }: RegressorTensors,
  guided: Tensor,
  mask?: Tensor,
): Tensor {
  if (kernel === undefined) return guided;
  const mapped = mappedBy(plan, { kernel, rows, columns }, guided);
  if (scale !== undefined && offset !== undefined) return normalized(mapped, { scale, offset }, mask);
  return bias === undefined ? mapped : add(mapped, bias);
}

function mappedBy(
  plan: RegressorPlan,
  { kernel, rows, columns }: RegressorTensors & { readonly kernel: Tensor },
  guided: Tensor,
): Tensor {
  const [batch = 1] = guided.shape;
  const positions = guided.shape.slice(1, -1);
  const asMap = (): Tensor4D => reshape(guided, [batch, ...sizesOf(guided), plan.student.channels]);
  const shaped = (x: Tensor): Tensor => reshape(x, [batch, ...(plan.hintShape as number[])]);
  switch (plan.form) {
    case 'identity':
      return guided;
    case 'pointwise':
      return reshape(timesKernel(guided, kernel), [batch, ...positions, plan.teacher.channels]);
    case 'convolution':
      return shaped(convolved(plan, asMap(), kernel as Tensor4D));
    case 'transposed':
      return shaped(transposed(plan, asMap(), kernel as Tensor4D));
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
