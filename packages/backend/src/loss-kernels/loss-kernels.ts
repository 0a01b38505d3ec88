import type { DataId, KernelBackend, KernelConfig, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import { hardTargetRows } from './hard-target-rows.js';
import type { RowLoss, Student } from './row-loss.js';
import { softTargetRows } from './soft-target-rows.js';

/** A backend whose numbers JavaScript can read on the processor without waiting. */
type HostBackend = KernelBackend & { write(values: Float32Array, shape: number[], dtype: 'float32'): DataId };

type Numbers = ArrayLike<number>;

/** The numbers of a tensor, without a copy if possible. */
export type ReadNumbers = (backend: KernelBackend, tensor: TensorInfo) => Numbers;

/** Makes the losses of all rows from the inputs and numbers of a kernel, by name. */
type LossesOf = (
  of: (name: string) => Numbers,
  student: Student,
  number: (name: string) => number,
) => readonly RowLoss[];

/**
 * The losses of @kd/soft-target-loss with their gradients, as one kernel each. Outputs: the loss of each row,
 * `[B, ...]`, and its gradient with respect to `studentLogits`, `[B, ..., N]`.
 *
 * Composed, a loss runs forty kernels on a few thousand numbers, and spends most of its time between them.
 * This loop runs in float64. On wasm and on a processor that needs no waiting; on a GPU it would.
 */
const losses: Readonly<Record<string, LossesOf>> = {
  SoftTargetLoss: (of, student, number) => [softTargetRows(of('teacherLogits'), student, soft(number))],
  HardTargetLoss: (of, student, number) => [hardTargetRows(of('labels'), student, hard(number))],
  DistillationLoss: (of, student, number) => [
    softTargetRows(of('teacherLogits'), student, soft(number)),
    hardTargetRows(of('labels'), student, hard(number)),
  ],
};

/** The kernels for one backend. */
export function lossKernelsOf(backendName: string, read: ReadNumbers): KernelConfig[] {
  return Object.entries(losses).map(([kernelName, lossesOf]) => ({
    kernelName,
    backendName,
    kernelFunc: rowsKernel(lossesOf, read),
  }));
}

const soft = (number: (name: string) => number) => ({
  temperature: number('temperature'),
  factor: number('softFactor'),
});
const hard = (number: (name: string) => number) => ({
  factor: number('hardFactor'),
  labelSmoothing: number('labelSmoothing'),
});

function rowsKernel(lossesOf: LossesOf, read: ReadNumbers): KernelFunc {
  return ({ inputs, backend, attrs }) => {
    const host = backend as HostBackend;
    const of = (name: string): Numbers => read(host, inputs[name] as TensorInfo);
    const { shape } = inputs['studentLogits'] as TensorInfo;
    const logits = of('studentLogits');
    const classes = shape.at(-1) ?? 0;
    const gradient = new Float32Array(logits.length);
    // What a schedule changes is a scalar tensor, and what stays is an attribute.
    const number = (name: string): number =>
      name in inputs ? (of(name)[0] as number) : Number(attrs?.[name]);
    const ofRow = lossesOf(of, { logits, classes, gradient }, number);
    const value = new Float32Array(logits.length / classes);
    for (let row = 0; row < value.length; row++) {
      let sum = 0;
      for (const loss of ofRow) sum += loss(row);
      value[row] = sum;
    }
    const output = (values: Float32Array, of: number[]): TensorInfo => ({
      dataId: host.write(values, of, 'float32'),
      shape: of,
      dtype: 'float32',
    });
    return [output(value, shape.slice(0, -1)), output(gradient, shape)];
  };
}
