import { KdError, describeValue } from '@kd/core';

/** The backends that `selectBackend` knows, as tfjs names them. */
export type BackendName = 'tensorflow' | 'wasm' | 'cpu';

const names: readonly unknown[] = ['tensorflow', 'wasm', 'cpu'] satisfies BackendName[];

/** Throws `KD_OPTION_TYPE` unless `value` names a backend. */
export function checkBackendName(
  where: string,
  argument: string,
  value: unknown,
): asserts value is BackendName {
  if (names.includes(value)) return;
  throw new KdError({
    code: 'KD_OPTION_TYPE',
    where,
    argument,
    expected: 'one of "tensorflow", "wasm", "cpu"',
    received: describeValue(value),
    remedy: 'Name the backend as tfjs does; tfjs-node and tfjs-node-gpu are both "tensorflow".',
  });
}
