import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { withinSeconds } from './time-limit.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('withinSeconds', () => {
  it('returns a result that comes in time, and leaves no timer', async () => {
    expect(await withinSeconds(1, Promise.resolve('in time'))).toBe('in time');
    await expect(withinSeconds(1, Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('rejects when nothing comes, and not before', async () => {
    let state = 'waiting';
    const never = withinSeconds(2, new Promise(() => undefined)).catch((error: unknown) => {
      state = String(error);
    });
    await vi.advanceTimersByTimeAsync(1900);
    expect(state).toBe('waiting');
    await vi.advanceTimersByTimeAsync(200);
    await never;
    expect(state).toBe('Error: it did not answer within 2 seconds');
  });

  it('does not count time during which JavaScript is blocked', async () => {
    vi.useRealTimers();
    const busy = new Promise<string>((resolve) => {
      setTimeout(() => {
        for (const start = performance.now(); performance.now() - start < 700;);
        setImmediate(() => {
          resolve('after all');
        });
      }, 10);
    });
    expect(await withinSeconds(0.5, busy)).toBe('after all');
  });
});
