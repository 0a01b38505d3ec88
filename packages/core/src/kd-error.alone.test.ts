import { describe, expect, it, vi } from 'vitest';
import { KdError } from './kd-error.js';

const parts = {
  code: 'KD_OPTION_RANGE',
  where: 'softTargetLoss',
  argument: 'options.temperature',
  expected: 'a finite number > 0',
  received: '0',
  remedy: 'Temperatures from 2 to 20 are usual.',
} as const;

describe('KdError', () => {
  it('states function, argument, expected, received and remedy in its message', () => {
    expect(new KdError(parts).message).toBe(
      'softTargetLoss: options.temperature must be a finite number > 0; received 0. Temperatures from 2 to 20 are usual.',
    );
  });

  it('is an Error with its parts, a name and a stack', () => {
    const error = new KdError(parts);
    expect(error).toBeInstanceOf(Error);
    expect(error.name).toBe('KdError');
    expect(error.stack).toContain('kd-error.alone.test');
    expect(error).toMatchObject(parts);
    expect(String(error)).toBe(`KdError: ${error.message}`);
  });

  it('keeps its cause, and has no cause otherwise', () => {
    const cause = new TypeError('below');
    expect(new KdError({ ...parts, cause }).cause).toBe(cause);
    expect('cause' in new KdError(parts)).toBe(false);
  });

  it('recognises errors of another copy of the package, and is recognised by it', async () => {
    vi.resetModules();
    const other = (await import('./kd-error.js')).KdError;
    expect(other).not.toBe(KdError);
    const theirs = new other(parts);
    expect(theirs).not.toBeInstanceOf(KdError);
    expect(KdError.isInstance(theirs)).toBe(true);
    expect(other.isInstance(new KdError(parts))).toBe(true);
  });

  it('hides its marker', () => {
    const error = new KdError(parts);
    expect(JSON.parse(JSON.stringify(error))).toEqual({ ...parts, name: 'KdError' });
    expect(
      Reflect.ownKeys(error).filter((key) => Object.prototype.propertyIsEnumerable.call(error, key)),
    ).not.toContain(Symbol.for('@kd/error'));
  });

  it('rejects other values', () => {
    const others = [
      new Error('x'),
      Object.assign({}, new KdError(parts)),
      { name: 'KdError', code: 'KD_A_B' },
      'KdError',
      null,
      undefined,
      0,
    ];
    expect(others.map((value) => KdError.isInstance(value))).toEqual(others.map(() => false));
  });

  it('can be extended', () => {
    class MyError extends KdError {}
    expect(KdError.isInstance(new MyError(parts))).toBe(true);
  });
});
