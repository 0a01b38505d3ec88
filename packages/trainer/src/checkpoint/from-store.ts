import { describeValue, KdError } from '@kd/core';
import type { CheckpointStore, StoredCheckpoint } from './store.js';

/** The newest checkpoint of a store; undefined if there is none. Throws if the store gives something else. */
export async function loadFrom(where: string, store: CheckpointStore): Promise<StoredCheckpoint | undefined> {
  const loaded: unknown = await store.load();
  if (loaded === undefined) return undefined;
  const { name, files } = Object(loaded) as { readonly [key in keyof StoredCheckpoint]?: unknown };
  const wrong = (expected: string, received: unknown): KdError =>
    notAStore(where, 'load', expected, received, 'Give the files that save received, and a name for them.');
  if (typeof name !== 'string' || typeof files !== 'object' || files === null)
    throw wrong('undefined or an object with name and files', loaded);
  const other = Object.entries(files).find(([, file]) => !isBytes(file));
  if (other !== undefined) throw wrong(`files that are Uint8Arrays, including ${other[0]}`, other[1]);
  return loaded as StoredCheckpoint;
}

/** Locks a store, if it can be locked. Throws if the store gives no function that unlocks it. */
export async function lockStore(
  where: string,
  store: CheckpointStore,
): Promise<(() => Promise<void>) | undefined> {
  const unlock: unknown = await store.lock?.();
  if (store.lock === undefined || typeof unlock === 'function')
    return unlock as (() => Promise<void>) | undefined;
  throw notAStore(where, 'lock', 'a function that unlocks', unlock, 'Give a function, or leave out lock.');
}

function notAStore(
  where: string,
  method: string,
  expected: string,
  received: unknown,
  remedy: string,
): KdError {
  return new KdError({
    code: 'KD_OPTION_TYPE',
    where,
    argument: `what options.checkpoint.store.${method} resolves to`,
    expected,
    received: describeValue(received),
    remedy,
  });
}

/** Also for an array of another realm, such as that of a test environment. */
function isBytes(value: unknown): boolean {
  return Object.prototype.toString.call(value) === '[object Uint8Array]';
}
