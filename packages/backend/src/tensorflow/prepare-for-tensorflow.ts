import process from 'node:process';
import util from 'node:util';

/**
 * Prepares Node for loading tfjs-node; a second call changes nothing.
 *
 * tfjs-node 4.22 calls `util.isNullOrUndefined` and `util.isArray`. Node 22 warns about them, and Node 23
 * removed them. When it starts, TensorFlow prints remarks about the processor and drivers; this limits them
 * to errors unless the user has set `TF_CPP_MIN_LOG_LEVEL`.
 */
export function prepareForTensorflow(): void {
  Object.assign(util, {
    isNullOrUndefined: (value: unknown) => value === null || value === undefined,
    isArray: Array.isArray,
  });
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
}
