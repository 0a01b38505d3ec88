import { scalar, tidy } from '@tensorflow/tfjs-core';
import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import { backendName } from '../native-kernels/run-op.js';
import type { FunctionBackend } from '../step-functions/function-backend.js';

const soft = ['teacherLogits', 'temperature', 'softFactor'];
const hard = ['labels', 'hardFactor', 'labelSmoothing'];
const inputsOf: Readonly<Record<string, readonly string[]>> = {
  SoftTargetLoss: ['studentLogits', ...soft],
  HardTargetLoss: ['studentLogits', ...hard],
  DistillationLoss: ['studentLogits', ...soft, ...hard],
};

/**
 * The losses of @kd/soft-target-loss as operations of TensorFlow, which the addon of @kd/native brings;
 * none if it is of an earlier version. Inputs and outputs are those of `lossKernelsOf`.
 */
export function lossOperationsOn({ binding }: FunctionBackend): KernelConfig[] {
  const known = new TextDecoder('latin1').decode(binding.operations());
  return Object.entries(inputsOf)
    .filter(([kernelName]) => known.includes(`Kd${kernelName}`))
    .map(([kernelName, names]) => ({
      kernelName,
      backendName,
      kernelFunc: ({ inputs, backend, attrs }) =>
        tidy(() => {
          const given = names.map((name): TensorInfo => inputs[name] ?? scalar(Number(attrs?.[name])));
          return (backend as FunctionBackend).executeMultipleOutputs(`Kd${kernelName}`, [], given, 2);
        }),
    }));
}
