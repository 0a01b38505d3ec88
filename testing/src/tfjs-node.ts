import { createRequire } from 'node:module';

/**
 * The package that brings TensorFlow to the tests: tfjs-node-gpu where it is installed, as selectBackend prefers it, and one
 * process can load only one of the two.
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
