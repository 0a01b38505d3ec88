import { expect, it } from 'vitest';
import { end, epoch, start, step } from '../../test/events.js';
import type { TestedModels } from '../index.js';
import { runOf } from '../run-of.js';
import { page } from './node.js';

/** Three runs of 30 epochs, and three models that take each of ten classes for each other one. */
function likeTheQuickstart() {
  const epochs = Array.from({ length: 30 }, (_, index) => index);
  const run = (factor: number) =>
    runOf([
      start({ name: 'training', epochs: 30 }),
      ...epochs.flatMap((index) => {
        const loss = factor * Math.exp(-index / 7) + 0.01 * Math.sin(index ** 2);
        const losses = { soft: loss, hard: 2 * loss };
        const validation = { loss: 3 * loss, accuracy: 1 - loss / 9 };
        return [
          step(index, { epoch: index, losses, gradientNorm: loss / 2 }),
          epoch(index, { losses, validation }),
        ];
      }),
      end(),
    ]);
  const size = 1000;
  const labels = Array.from({ length: size }, (_, row) => row % 10);
  const logits = (factor: number) => ({
    values: Float32Array.from({ length: 10 * size }, (_, at) => factor * Math.sin(at ** 2)),
    shape: [size, 10],
  });
  const rows = [0, 1, 2, 3, 4, 5];
  const images = {
    values: Float32Array.from({ length: rows.length * 784 }, (_, at) => Math.sin(at) ** 2),
    shape: [rows.length, 28, 28],
  };
  const models: TestedModels = {
    labels,
    answers: {
      teacher: { logits: logits(9) },
      alone: { logits: logits(5) },
      distilled: { logits: logits(7) },
    },
    pictures: { rows, images, temperature: 4 },
  };
  return { runs: { teacher: run(1), alone: run(2), distilled: run(3) }, models };
}

it('takes at most 300 kB for a page like that of the quickstart', async () => {
  const { runs, models } = likeTheQuickstart();
  const html = await page(runs, { title: 'Digits', models });
  expect(html.match(/<figure>/g)).toHaveLength(6 + 6 + 6);
  expect(html.length).toBeLessThan(300_000);
  expect(html.length).toBeGreaterThan(150_000);
});
