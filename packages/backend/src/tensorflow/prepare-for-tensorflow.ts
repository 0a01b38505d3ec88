import process from 'node:process';
import util from 'node:util';

/**
 * What has to be done before tfjs-node is loaded; a second call changes nothing.
 *
 * tfjs-node 4.22 calls `util.isNullOrUndefined` and `util.isArray`, which Node 22 warns of and Node 23 no longer has. TensorFlow
 * reports at its start what the processor and the drivers could do; only errors are left, unless the user has set
 * `TF_CPP_MIN_LOG_LEVEL`.
 */
export function prepareForTensorflow(): void {
  Object.assign(util, {
    isNullOrUndefined: (value: unknown) => value === null || value === undefined,
    isArray: Array.isArray,
  });
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
}
