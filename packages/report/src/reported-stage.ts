import type { EndEvent, EpochEvent, Measurements, StartEvent, StepEvent, TrainEvent } from '@kd/trainer';
import type { ReportedEpoch, ReportedStage, ReportedStep } from './reported-run.js';

interface EventsOfStage {
  readonly start: StartEvent;
  readonly steps: StepEvent[];
  readonly epochs: EpochEvent[];
  end?: EndEvent;
}

/** The stages that events without repeats report. */
export function stagesOf(events: readonly TrainEvent[]): ReportedStage[] {
  const stages = new Map<number, EventsOfStage>();
  for (const event of events) {
    if (event.type === 'start') stages.set(event.stage, { start: event, steps: [], epochs: [] });
    const stage = stages.get(event.stage);
    if (event.type === 'step') stage?.steps.push(event);
    if (event.type === 'epoch') stage?.epochs.push(event);
    if (event.type === 'end' && stage !== undefined) stage.end = event;
  }
  return [...stages.values()].map(reportedStage);
}

function reportedStage({ start: { name, epochs, parameters }, ...events }: EventsOfStage): ReportedStage {
  const byEpoch = new Map<number, StepEvent[]>();
  for (const step of events.steps) {
    const others = byEpoch.get(step.epoch);
    if (others === undefined) byEpoch.set(step.epoch, [step]);
    else others.push(step);
  }
  const history = events.epochs.map((event) => reportedEpoch(event, byEpoch.get(event.epoch) ?? []));
  // An epoch without a record has not ended.
  for (const { epoch } of history) byEpoch.delete(epoch);
  const milliseconds = sum([...byEpoch.values()].flat().map((step) => step.milliseconds));
  const { end } = events;
  return {
    name,
    epochs,
    parameters,
    steps: events.steps.map(reportedStep),
    history,
    bestEpoch: end === undefined ? history.findLast(({ improved }) => improved)?.epoch : end.bestEpoch,
    reason: end?.reason,
    seconds: sum(history.map(({ seconds }) => seconds)) + milliseconds / 1000,
  };
}

function reportedStep(event: StepEvent): ReportedStep {
  const { step, epoch, examples, total, losses, weights, scalars, gradientNorm } = event;
  return { step, epoch, examples, total, losses, weights, scalars, gradientNorm };
}

function reportedEpoch(event: EpochEvent, steps: readonly StepEvent[]): ReportedEpoch {
  const { epoch, step, total, losses, validation, improved, seconds } = event;
  return {
    ...{ epoch, step, total, losses },
    weights: means(steps.map(({ weights }) => weights)),
    scalars: means(steps.map(({ scalars }) => scalars)),
    gradientNorm: steps.length === 0 ? undefined : mean(steps.map(({ gradientNorm }) => gradientNorm)),
    ...(validation === undefined ? {} : { validation }),
    ...{ improved, seconds },
  };
}

/** Every step of a stage has the same terms. */
function means(ofSteps: readonly Measurements[]): Measurements {
  const names = Object.keys(ofSteps[0] ?? {});
  return Object.fromEntries(names.map((name) => [name, mean(ofSteps.map((values) => values[name] ?? NaN))]));
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
const mean = (values: readonly number[]): number => sum(values) / values.length;
