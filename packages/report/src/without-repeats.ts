import type { StartEvent, TrainEvent } from '@kd/trainer';

/**
 * The events of a training as if it had never been killed. Where a stage starts again from a checkpoint, what
 * was reported after that checkpoint is dropped: it happens again. A stage has one start, with the epochs of
 * the newest.
 */
export function withoutRepeats(events: readonly TrainEvent[]): TrainEvent[] {
  let kept: TrainEvent[] = [];
  for (const event of events) {
    if (event.type === 'start') {
      kept = kept.filter((one) => isBefore(event, one));
      const first = kept.findIndex(({ type, stage }) => type === 'start' && stage === event.stage);
      if (first === -1) kept.push(event);
      else kept[first] = { ...event, step: (kept[first] as StartEvent).step };
      continue;
    }
    // A checkpoint after the last step of an epoch precedes the validation, which then happens twice.
    if (event.type === 'epoch') {
      const last = kept.findLastIndex(({ type, stage }) => type === 'epoch' && stage === event.stage);
      const old = kept[last];
      if (old?.type === 'epoch' && old.epoch === event.epoch) kept.splice(last, 1);
    }
    kept.push(event);
  }
  return kept;
}

/** Whether an event is older than the checkpoint from which a stage starts. */
function isBefore({ stage, step }: StartEvent, event: TrainEvent): boolean {
  if (event.stage !== stage) return event.stage < stage;
  if (event.type === 'end') return false;
  // The step of an epoch counts the steps so far, that of the others is an index.
  if (event.type === 'epoch') return event.step <= step;
  return event.type === 'start' ? event.step <= step && step > 0 : event.step < step;
}
