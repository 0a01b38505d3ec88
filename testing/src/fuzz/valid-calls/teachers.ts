import type * as module from '@kd/teacher';
import type * as functionModule from '@kd/teacher/function';
import type * as onnxModule from '@kd/teacher/onnx';
import type * as savedModelModule from '@kd/teacher/saved-model';
import { tensorsOfBatch } from '@kd/core';
import type { Teacher } from '@kd/core';
import type { OnnxRuntime, OnnxSession } from '@kd/teacher/onnx';
import { scalar, tensor } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { ValidCall, ValidCallsOf } from '../valid-call.js';
import { batch, data, ids, logits, net, opaque, scores, teacher } from './values.js';

const classes = ['x', 'y'];
const stated = { convention: 'logits', classes, shape: [null, 2] } as const;

/** Asks what was made, as a training does. */
const ask = async (made: Teacher): Promise<unknown> => {
  const given = batch();
  try {
    await made.describe({ taps: [] });
    return [given, await made.predict(given, { outputs: ['output'], taps: [] })];
  } finally {
    for (const one of tensorsOfBatch(given)) one.dispose();
    made.dispose?.();
  }
};
const asked = <Args extends readonly unknown[] | []>(
  args: () => Args,
): ValidCall<Args, Teacher | Promise<Teacher>> => ({ args, use: ask });

const graphModel = (): module.GraphModelLike =>
  opaque({
    artifacts: { modelTopology: { node: [{ name: 'out', op: 'Add' }] } },
    inputs: [{ name: 'input:0', shape: [-1, 2], dtype: 'float32' }],
    inputNodes: ['input'],
    outputs: [{ name: 'out:0', shape: [-1, 2], dtype: 'float32' }],
    outputNodes: ['out'],
    weights: { w: [scalar(1)] },
    execute: (): Tensor[] => [tensor(logits)],
    executeAsync: () => Promise.resolve([tensor(logits)]),
  });

export const teachers: ValidCallsOf<typeof module> = {
  alignClasses: asked(() => [
    teacher(),
    { classes: ['p', 'q'], map: { p: 'x', q: ['y'] }, output: 'output' },
  ]),
  arraysTeacher: asked(() => [{ ids: [...ids], rows: logits }, stated]),
  cachedTeacher: asked(() => [teacher()]),
  channelsFirstTeacher: { args: () => [teacher()], use: (made) => made.describe({ taps: [] }) },
  checkConvention: { args: () => ['fuzz', scores(), 'probabilities'], checked: [1, 2] },
  ensembleTeacher: asked(() => [{ a: teacher(), b: teacher() }, { weights: { a: 0.25, b: 0.75 } }]),
  fitEnsembleWeights: () => [
    { a: teacher(), b: teacher() },
    data(),
    { mean: 'geometric', gap: 0.1, iterations: 5, batchSize: 2, output: 'output', target: 'labels' },
  ],
  graphModelTeacher: asked(() => [graphModel(), stated]),
  layersTeacher: asked(() => [net('teacher'), stated]),
  onlineTeacher: asked(() => [net('teacher'), stated]),
  withInputs: asked(() => [teacher(), { name: 'same', inputs: ({ inputs }) => inputs }]),
};

export const functionTeachers: ValidCallsOf<typeof functionModule> = {
  functionTeacher: asked(() => [
    () => logits,
    {
      ...stated,
      fingerprint: 'v1',
      frozen: true,
      concurrency: 2,
      retries: 1,
      retryDelayMs: 1,
      timeoutMs: 1000,
      rate: { calls: 10, seconds: 1 },
    },
  ]),
};

// Called with `new`, which gives the returned object.
function OnnxTensor(type: unknown, values: unknown, dims: readonly number[]): unknown {
  return { type, data: values, dims };
}
const session = (): OnnxSession =>
  opaque({
    inputNames: ['input', 'mask'],
    outputNames: ['out'],
    run: () =>
      Promise.resolve({ out: { type: 'float32', dims: [2, 2], data: Float32Array.from(logits.flat()) } }),
  });
const runtime = (): OnnxRuntime =>
  opaque({
    Tensor: OnnxTensor as never,
    InferenceSession: { create: () => Promise.resolve(session()) },
  });

export const onnxTeachers: ValidCallsOf<typeof onnxModule> = {
  onnxTeacher: asked(() => [
    runtime(),
    session(),
    { ...stated, fingerprint: 'v1', roundFloat64: false, mask: 'mask' },
  ]),
};

export const savedModelTeachers: ValidCallsOf<typeof savedModelModule> = {
  savedModelTeacher: {
    notCalled: 'It refuses every backend but that of tfjs-node, on which its own tests call it.',
  },
};
