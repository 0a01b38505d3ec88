import { createRequire } from 'node:module';

/**
 * The package that provides TensorFlow to the tests: tfjs-node-gpu if it is installed, because selectBackend
 * prefers it and a process can load only one of the two.
 */
export const tfjsNode: string = isInstalled('@tensorflow/tfjs-node-gpu')
  ? '@tensorflow/tfjs-node-gpu'
  : '@tensorflow/tfjs-node';

function isInstalled(name: string): boolean {
  try {
    createRequire(import.meta.url).resolve(`${name}/package.json`);
    return true;
  } catch {
    return false;
  }
}
