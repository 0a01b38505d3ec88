// Training does not change a frozen teacher by a single byte, whatever layers it has.
import '@tensorflow/tfjs-backend-cpu';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Teacher } from '@kd/core';
import { defineRecipe } from '@kd/recipe';
import { softTarget } from '@kd/soft-target-loss';
import { graphModelTeacher } from '@kd/teacher';
import { onnxTeacher } from '@kd/teacher/onnx';
import { train } from '@kd/trainer';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import { dispose, io, memory, setBackend, tensor, train as optimizers } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import * as ort from 'onnxruntime-node';
import { beforeAll, expect, it } from 'vitest';

beforeAll(() => setBackend('cpu'));

const golden = (name: string): Buffer =>
  readFileSync(fileURLToPath(new URL(`../../packages/teacher/src/golden/${name}`, import.meta.url)));

const graphModel = async (): Promise<Teacher> => {
  const { weights, ...rest } = JSON.parse(golden('graph-model.json').toString()) as { weights: string };
  const weightData = Uint8Array.from(Buffer.from(weights, 'base64')).buffer;
  const model = await loadGraphModel(io.fromMemory({ ...rest, weightData }));
  return graphModelTeacher(model, { convention: { output: { convention: 'logits', from: 'logits' } } });
};
const onnx = (): Promise<Teacher> =>
  onnxTeacher(ort, new Uint8Array(golden('mlp.onnx')), {
    convention: { output: { convention: 'logits', from: 'logits' } },
  });

const kernelInitializer = initializers.glorotUniform({ seed: 1 });
const studentOf = (shape: number[]): LayersModel =>
  sequential({
    layers: [
      layers.reshape({ inputShape: shape, targetShape: [shape.reduce((a, b) => a * b)] }),
      layers.dense({ units: 3, kernelInitializer }),
    ],
  });

it.each<[string, () => Promise<Teacher>, number[]]>([
  ['graphModelTeacher', graphModel, [6, 8, 2]],
  ['onnxTeacher', onnx, [4]],
])('%s is unchanged by training and leaks no tensor', async (_, make, shape) => {
  const teacher = await make();
  const size = shape.reduce((product, each) => product * each, 1);
  const values = Float32Array.from({ length: 12 * size }, (_each, index) => Math.sin(index ** 2));
  const x = tensor(values, [12, ...shape]);
  const state = async (): Promise<unknown> => {
    const { members, taps } = await teacher.predict({ inputs: { x } }, { outputs: ['output'], taps: [] });
    const output = members[0]?.outputs['output'] as Tensor;
    const answer = { bytes: [...new Uint8Array((await output.data<'float32'>()).slice().buffer)] };
    dispose([output, ...taps]);
    return { ...answer, ...(await teacher.describe({ taps: [] })) };
  };
  const before = await state();
  const student = studentOf(shape);
  const recipe = defineRecipe({
    student: { model: student, convention: 'logits' },
    teacher,
    terms: [softTarget({ temperature: 2 })],
  });
  const tensors = memory().numTensors;
  const { history } = await train(recipe, {
    data: { inputs: { values, shape: [12, ...shape] } },
    epochs: 5,
    batchSize: 4,
    optimizer: () => optimizers.sgd(0.05),
    seed: 1,
  });
  const losses = history.map(({ total }) => total);
  expect(losses.at(-1)).toBeLessThan((losses[0] ?? NaN) * 0.9);
  expect(memory().numTensors).toBe(tensors);
  expect(await state()).toEqual(before);
});
