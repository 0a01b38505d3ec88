import { expect, it } from 'vitest';
import { turns } from './turns.js';

/** Runs that log each step, with different pauses between steps. */
async function orderOf(lengths: readonly number[]): Promise<string> {
  const said: string[] = [];
  const order = turns(lengths.length);
  await Promise.all(
    lengths.map(async (length, index) => {
      const turn = order[index];
      for (let step = 0; step < length; step++) {
        await turn?.pass();
        for (let tick = 0; tick < 3 * ((index + step) % 3); tick++) await Promise.resolve();
        said.push(`${'abc'[index] ?? ''}${String(step)}`);
      }
      turn?.leave();
    }),
  );
  return said.join(' ');
}

it.each([
  [[2, 2], 'a0 b0 a1 b1'],
  [[3, 1, 2], 'a0 b0 c0 a1 c1 a2'],
  [[0, 2], 'b0 b1'],
  [[2, 0, 0], 'a0 a1'],
  [[1], 'a0'],
])('runs of %j steps take turns', async (lengths, expected) => {
  expect(await orderOf(lengths)).toBe(expected);
});

it('nobody begins before all have arrived', async () => {
  const [first, second] = turns(2);
  let begun = false;
  const arrived = first?.pass().then(() => {
    begun = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(begun).toBe(false);
  void second?.pass();
  await arrived;
  expect(begun).toBe(true);
});

it('leaving twice is the same as leaving once', async () => {
  const [first, second, third] = turns(3);
  first?.leave();
  first?.leave();
  let begun = false;
  void second?.pass().then(() => {
    begun = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(begun).toBe(false);
  third?.leave();
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(begun).toBe(true);
});
