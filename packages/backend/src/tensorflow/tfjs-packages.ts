/** The packages that bring TensorFlow to tfjs. */
export type TfjsPackageName = '@tensorflow/tfjs-node' | '@tensorflow/tfjs-node-gpu';

/** The one for the processor. */
export const cpuPackage: TfjsPackageName = '@tensorflow/tfjs-node';

/** The one for GPUs. */
export const gpuPackage: TfjsPackageName = '@tensorflow/tfjs-node-gpu';

/**
 * The command that makes one of the packages work; if both are absent, it installs the one for the processor.
 */
export function tensorflowCommand(isAbsent: (name: TfjsPackageName) => boolean): string {
  if (!isAbsent(cpuPackage)) return 'npx @kd/native install';
  if (!isAbsent(gpuPackage)) return 'npx @kd/native install --gpu';
  return `npm install --ignore-scripts ${cpuPackage} && npx @kd/native install`;
}
