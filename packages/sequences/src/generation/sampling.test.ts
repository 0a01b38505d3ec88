import { describe, expect, it } from 'vitest';
import { drawToken } from './sampling.js';
import type { SamplingSettings } from './sampling.js';

const plain = { temperature: 1, topP: 1 };
// Probabilities 1/2, 1/8, 1/4, 1/8 at T = 1.
const logits = Float32Array.from([4, 1, 2, 1], Math.log);

/** How often each token is drawn at evenly spaced places. */
function shares(settings: SamplingSettings, of: Float32Array = logits): number[] {
  const places = Array.from({ length: 8000 }, (_, index) => (index + 0.5) / 8000);
  const counts = Array.from(of, () => 0);
  for (const place of places) {
    const token = drawToken(of, settings, place);
    counts[token] = (counts[token] as number) + 1 / 8000;
  }
  return counts.map((count) => Math.round(count * 100) / 100);
}

describe('drawToken', () => {
  it.each<[string, SamplingSettings, number[]]>([
    ['all tokens', plain, [0.5, 0.13, 0.25, 0.13]],
    // Squares of 4, 1, 2, 1, over 22.
    ['at T = 1/2', { ...plain, temperature: 0.5 }, [0.73, 0.05, 0.18, 0.05]],
    ['the most likely', { ...plain, topK: 1 }, [1, 0, 0, 0]],
    ['the two most likely', { ...plain, topK: 2 }, [0.67, 0, 0.33, 0]],
    ['more than there are', { ...plain, topK: 9 }, [0.5, 0.13, 0.25, 0.13]],
    ['the first of equal ones', { ...plain, topK: 3 }, [0.57, 0.14, 0.29, 0]],
    ['those with half of the probability', { ...plain, topP: 0.5 }, [1, 0, 0, 0]],
    ['those with a little more', { ...plain, topP: 0.51 }, [0.67, 0, 0.33, 0]],
    // Of the two most likely, the first has two thirds.
    ['the nucleus of the most likely', { temperature: 1, topK: 2, topP: 0.66 }, [1, 0, 0, 0]],
  ])('draws %s', (_, settings, expected) => {
    expect(shares(settings)).toEqual(expected);
  });

  it('is finite for large logits, and never draws what is ruled out', () => {
    const ruledOut = Float32Array.of(-Infinity, 1000, 1000, -Infinity);
    expect(shares(plain, ruledOut)).toEqual([0, 0.5, 0.5, 0]);
    expect(drawToken(ruledOut, plain, 1 - 2 ** -53)).toBe(2);
    expect(drawToken(ruledOut, plain, 0)).toBe(1);
  });
});
