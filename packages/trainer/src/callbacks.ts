import type { CustomCallbackArgs, LayersModel } from '@tensorflow/tfjs-layers';
import { CustomCallback } from '@tensorflow/tfjs-layers';
import { check, describeValue, KdError } from '@kd/core';
import type { Check } from '@kd/core';
import type { EpochRecord } from './history.js';

type Logs = Record<string, number>;

/** The part of tfjs's callback objects that the trainer calls. */
export interface CallbackLike {
  setParams?(parameters: Record<string, number>): void;
  setModel?(model: LayersModel): void;
  onTrainBegin?(logs?: Logs): unknown;
  onTrainEnd?(logs?: Logs): unknown;
  onEpochBegin?(epoch: number, logs?: Logs): unknown;
  onEpochEnd?(epoch: number, logs?: Logs): unknown;
  onBatchBegin?(batch: number, logs?: Logs): unknown;
  onBatchEnd?(batch: number, logs?: Logs): unknown;
}

/**
 * A callback as `model.fit` takes it: named handlers (tfjs-vis) or a callback object (TensorBoard,
 * EarlyStopping).
 */
export type Callback = CallbackLike | CustomCallbackArgs;

/** All callbacks of a training combined into one. */
export type Callbacks = Required<Omit<CallbackLike, 'setParams' | 'setModel'>>;

const handlers = [
  'onTrainBegin',
  'onTrainEnd',
  'onEpochBegin',
  'onEpochEnd',
  'onBatchBegin',
  'onBatchEnd',
  'onYield',
] as const;

// Every callback must be an object with at least one handler that the trainer calls.
function checkCallbacks(
  where: string,
  argument: string,
  given: unknown,
): asserts given is readonly Callback[] {
  const fault = (at: string, expected: string, received: unknown): KdError =>
    new KdError({
      code: 'KD_OPTION_TYPE',
      where,
      argument: at,
      expected,
      received: describeValue(received),
      remedy: 'Pass an array of callbacks as for model.fit.',
    });
  if (!Array.isArray(given)) throw fault(argument, 'an array', given);
  // Array.from sees the holes of a sparse array.
  Array.from(given as readonly unknown[]).forEach((callback, index) => {
    const at = `${argument}[${String(index)}]`;
    if (typeof callback !== 'object' || callback === null || !handlers.some((name) => name in callback))
      throw fault(at, `an object with at least one of the handlers ${handlers.join(', ')}`, callback);
    for (const name of handlers) {
      const handler: unknown = Reflect.get(callback, name);
      if (handler !== undefined && typeof handler !== 'function')
        throw fault(`${at}.${name}`, 'a function', handler);
    }
  });
}

/** Describes the option `callbacks`. */
export const callbacks: Check<readonly Callback[]> = check(
  'an array of callbacks as for model.fit',
  ({ where, argument }, value) => {
    checkCallbacks(where, argument, value);
    return value;
  },
);

/**
 * Prepares callbacks as `model.fit` does: plain handlers become a `CustomCallback`, which also handles
 * `onYield`.
 */
export function prepareCallbacks(
  given: readonly Callback[],
  model: LayersModel,
  parameters: Record<string, number>,
): { [Handler in keyof Callbacks]: (...given: Parameters<Callbacks[Handler]>) => Promise<void> } {
  const prepared = given.map((callback) =>
    'setModel' in callback || 'setParams' in callback ? callback : customCallback(callback),
  );
  for (const callback of prepared) {
    callback.setParams?.(parameters);
    callback.setModel?.(model);
  }
  const each = async (call: (callback: CallbackLike) => unknown): Promise<void> => {
    for (const callback of prepared) await call(callback);
  };
  return {
    onTrainBegin: (logs) => each((callback) => callback.onTrainBegin?.({ ...logs })),
    onTrainEnd: (logs) => each((callback) => callback.onTrainEnd?.({ ...logs })),
    onEpochBegin: (epoch, logs) => each((callback) => callback.onEpochBegin?.(epoch, { ...logs })),
    onEpochEnd: (epoch, logs) => each((callback) => callback.onEpochEnd?.(epoch, { ...logs })),
    onBatchBegin: (batch, logs) => each((callback) => callback.onBatchBegin?.(batch, { ...logs })),
    onBatchEnd: (batch, logs) => each((callback) => callback.onBatchEnd?.(batch, { ...logs })),
  };
}

function customCallback(callback: Callback): CallbackLike {
  // tfjs calls handlers without their `this`.
  const bound = handlers.flatMap((name) => {
    const handler = Reflect.get(callback, name) as ((...given: unknown[]) => unknown) | undefined;
    return handler === undefined ? [] : [[name, handler.bind(callback)]];
  });
  const { nowFunc, nextFrameFunc } = callback as CustomCallbackArgs;
  const args = { ...Object.fromEntries(bound), nowFunc, nextFrameFunc } as CustomCallbackArgs;
  return new CustomCallback(args, 'auto');
}

/** The logs of an epoch under the names that tfjs's callbacks expect: `loss`, `val_loss`, `val_acc`. */
export function logsOfEpoch({ total, losses, validation = {} }: EpochRecord): Logs {
  const measured = Object.entries(validation).map(([name, value]) => [
    name === 'accuracy' ? 'val_acc' : `val_${name}`,
    value,
  ]);
  return { ...losses, loss: total, ...(Object.fromEntries(measured) as Logs) };
}
