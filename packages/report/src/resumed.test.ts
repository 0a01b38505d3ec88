import { useBackend } from '@kd/testing';
import type { TrainEvent } from '@kd/trainer';
import { beforeAll, describe, expect, it } from 'vitest';
import { withFile } from '../test/folder.js';
import { memoryStore, tinyTraining } from '../test/training.js';
import { jsonLines, readJsonLines } from './node.js';

await useBackend('cpu');

/** Without the times and the events of compilation, which differ between processes and backends. */
const comparable = (events: readonly TrainEvent[]): object[] =>
  events
    .filter(({ type }) => type !== 'compile')
    .map((event) => ({ ...event, milliseconds: 0, seconds: 0, secondsLeft: 0 }));

describe('a training that ends after any event and is resumed', () => {
  const whole: TrainEvent[] = [];
  beforeAll(() =>
    tinyTraining((event) => {
      if (event.type !== 'compile') whole.push(event);
    }),
  );

  it.each([1, 4])(
    'leaves the events of a training that did not end, with a checkpoint every %i steps',
    async (everySteps) => {
      expect(whole.map(({ type }) => type).join(' ')).toBe(
        'start step step epoch step step epoch step step epoch end',
      );
      for (let last = 1; last < whole.length; last += 1)
        await withFile(async (file) => {
          const store = memoryStore();
          let count = 0;
          const killed = jsonLines(file);
          const killing = (event: TrainEvent): void => {
            killed(event);
            if (event.type !== 'compile') count += 1;
            if (count === last) throw new Error('killed');
          };
          await expect(tinyTraining(killing, { store, everySteps })).rejects.toThrow('killed');
          await tinyTraining(jsonLines(file), { store, everySteps, resume: true });
          const { events } = await readJsonLines(file);
          expect(comparable(events)).toEqual(comparable(whole));
        });
    },
  );
});
