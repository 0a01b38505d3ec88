import { KdError, describeValue } from '@kd/core';

/**
 * The backends that `selectBackend` knows, by their tfjs names; `webgl` only in browsers, `tensorflow` only
 * under Node.
 */
export type BackendName = 'tensorflow' | 'webgpu' | 'wasm' | 'webgl' | 'cpu';

/** Throws `KD_OPTION_TYPE` unless `value` is one of the names. */
export function checkBackendName(
  where: string,
  argument: string,
  value: unknown,
  names: readonly BackendName[],
): asserts value is BackendName {
  if (names.includes(value as BackendName)) return;
  throw new KdError({
    code: 'KD_OPTION_TYPE',
    where,
    argument,
    expected: `one of ${names.map((name) => JSON.stringify(name)).join(', ')}`,
    received: describeValue(value),
    remedy: 'Use the tfjs name of the backend; for tfjs-node and tfjs-node-gpu it is "tensorflow".',
  });
}
