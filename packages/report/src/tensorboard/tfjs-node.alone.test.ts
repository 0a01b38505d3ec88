import { dirname, join } from 'node:path';
import { hasTensorflow, tfjsNode } from '@kd/testing/tensorflow';
import type { TrainEvent } from '@kd/trainer';
import { memory } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { withFile } from '../../test/folder.js';
import { summariesIn } from '../../test/summaries.js';
import { tinyTraining } from '../../test/training.js';
import { tensorBoard } from '../tensorboard.js';
import type { SummaryWriter } from '../tensorboard.js';

const isInstalled = await hasTensorflow();

it.skipIf(!isInstalled)('writes files of summaries with tfjs-node, and leaves no tensors', () =>
  withFile(async (file) => {
    const directory = join(dirname(file), 'summaries');
    const { node } = (await import(tfjsNode)) as {
      node: { summaryFileWriter: (directory: string) => SummaryWriter };
    };
    const onEvent = tensorBoard(node.summaryFileWriter(directory));
    const events: TrainEvent[] = [];
    await tinyTraining((event) => {
      const before = memory().numTensors;
      onEvent(event);
      expect(memory().numTensors).toBe(before);
      events.push(event);
    });
    const expected = events.flatMap((event) => {
      const numbers = (step: number, values: Record<string, number>) =>
        Object.entries(values).map(([name, value]) => ({
          name: `training/${name}`,
          step,
          value: Math.fround(value),
        }));
      if (event.type === 'step')
        return numbers(event.step, {
          total: event.total,
          'gradient norm': event.gradientNorm,
          'loss/hard': event.losses['hard'] ?? NaN,
          'weight/hard': 1,
        });
      if (event.type !== 'epoch') return [];
      return numbers(event.step - 1, {
        'validation/loss': event.validation?.['loss'] ?? NaN,
        'validation/accuracy': event.validation?.['accuracy'] ?? NaN,
      });
    });
    expect(expected).toHaveLength(6 * 4 + 3 * 2);
    expect(summariesIn(directory)).toEqual(expected);
  }),
);
