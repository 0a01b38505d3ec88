import { fusedKernel } from '@kd/core';
import { hasTensorflow } from '@kd/testing/tensorflow';
import { backend, fill, ones, scalar, setBackend, tensor, tensor1d, zeros } from '@tensorflow/tfjs-core';
import type { NamedTensorMap } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { hasFunctions } from '../step-functions/function-backend.js';
import type { FunctionBackend } from '../step-functions/function-backend.js';
import { lossOperationsOn } from './loss-operations.js';

const isInstalled = await hasTensorflow();

it('an addon of an earlier version has no losses', () => {
  const binding = { operations: () => new TextEncoder().encode('Abs, Add, Softmax') };
  expect(lossOperationsOn({ binding } as unknown as FunctionBackend)).toEqual([]);
});

describe.skipIf(!isInstalled)('on tfjs-node', () => {
  beforeAll(() => setBackend('tensorflow'));

  it('knows the losses', () => {
    const native: unknown = backend();
    expect(hasFunctions(native) && lossOperationsOn(native).map(({ kernelName }) => kernelName)).toEqual([
      'SoftTargetLoss',
      'HardTargetLoss',
      'DistillationLoss',
    ]);
  });

  it('takes class ids of either type, and numbers as attributes or as tensors', () => {
    const studentLogits = tensor([[1, 2], [0, 3]]); // prettier-ignore
    const losses = (['int32', 'float32'] as const).flatMap((dtype) =>
      [{ hardFactor: 2 }, { hardFactor: scalar(2) }].map(({ hardFactor }) => {
        const labels = tensor1d([1, 0], dtype);
        const inputs: NamedTensorMap = { studentLogits, labels, labelSmoothing: scalar(0) };
        const [value] =
          typeof hardFactor === 'number'
            ? (fusedKernel('HardTargetLoss', inputs, { hardFactor }) ?? [])
            : (fusedKernel('HardTargetLoss', { ...inputs, hardFactor }) ?? []);
        return Array.from(value?.dataSync() ?? []);
      }),
    );
    const expected = [Math.log1p(Math.exp(-1)), Math.log1p(Math.exp(3))].map((loss) => Math.fround(2 * loss));
    for (const loss of losses) expect(loss).toEqual(expected);
  });

  // These sizes would be read from memory that is not theirs.
  it.each([
    ['SoftTargetLoss', () => ({ teacherLogits: zeros([2, 4]) }), 'teacherLogits have another size'],
    [
      'SoftTargetLoss',
      () => ({ teacherLogits: zeros([3, 4]), temperature: ones([2]) }),
      'numbers have to be scalars',
    ],
    ['HardTargetLoss', () => ({ labels: zeros([2]) }), 'labels are not one for each row'],
    [
      'DistillationLoss',
      () => ({ teacherLogits: zeros([3, 4]), labels: fill([4], 1) }),
      'labels are not one for',
    ],
    ['HardTargetLoss', () => ({ studentLogits: zeros([3, 0]), labels: zeros([3]) }), 'logits need classes'],
  ] as const)('%s refuses wrong sizes: %#', (kernel, given, message) => {
    const inputs = { studentLogits: zeros([3, 4]), ...given() } as NamedTensorMap;
    const attrs = { temperature: 1, softFactor: 1, hardFactor: 1, labelSmoothing: 0 };
    expect(() => fusedKernel(kernel, inputs, attrs)).toThrow(message);
  });
});
