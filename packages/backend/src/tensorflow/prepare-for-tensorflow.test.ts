import util from 'node:util';
import { afterEach, expect, it, vi } from 'vitest';
import { prepareForTensorflow } from './prepare-for-tensorflow.js';

afterEach(() => {
  vi.unstubAllEnvs();
});

it('gives tfjs-node the functions that newer versions of Node lack or warn about', () => {
  const warn = vi.spyOn(process, 'emitWarning');
  prepareForTensorflow();
  const { isNullOrUndefined, isArray } = util as unknown as Record<string, (value: unknown) => boolean>;
  expect([null, undefined, 0, ''].map((value) => isNullOrUndefined?.(value))).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect([[], {}].map((value) => isArray?.(value))).toEqual([true, false]);
  expect(warn).not.toHaveBeenCalled();
});

it('lets TensorFlow report only errors, unless the user wants more', () => {
  vi.stubEnv('TF_CPP_MIN_LOG_LEVEL', undefined);
  prepareForTensorflow();
  expect(process.env['TF_CPP_MIN_LOG_LEVEL']).toBe('2');
  vi.stubEnv('TF_CPP_MIN_LOG_LEVEL', '0');
  prepareForTensorflow();
  expect(process.env['TF_CPP_MIN_LOG_LEVEL']).toBe('0');
});
