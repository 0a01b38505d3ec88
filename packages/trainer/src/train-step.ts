import { dispose } from '@tensorflow/tfjs-core';
import type { Optimizer } from '@tensorflow/tfjs-core';
import { tensorsOfAnswer } from '@kd/core';
import type { Batch, TimedOptimizer, TrainingTime } from '@kd/core';
import { askTeacher } from './ask-teacher.js';
import type { Answer, AskedGroup } from './asked-ahead.js';
import { meanOf } from './mean-of-batches.js';
import type { RunningStage } from './running-stage.js';
import { commonShare, sharesOf } from './shares-of-step.js';
import type { Shares } from './shares-of-step.js';
import { checkNumbers, startBatch } from './start-batch.js';
import type { Asked, Numbers } from './start-batch.js';
import { apply } from './step.js';
import type { StepResult } from './step.js';

/** One step on a group of batches. Nothing changes if it fails or is cancelled. */
export async function trainStep(
  running: RunningStage,
  group: AskedGroup,
  time: TrainingTime,
): Promise<Numbers | 'aborted'> {
  const { objective, optimizer, scaled, statistics } = running;
  const asked: Asked[] = [];
  let results: StepResult[] = [];
  let combined: StepResult | undefined;
  statistics.remember();
  try {
    for (const [index, batch] of group.batches.entries()) {
      const answer = await group.answer(index);
      if (answer === 'aborted') {
        statistics.restore();
        return 'aborted';
      }
      asked.push({ batch, answer });
      results.push(await finiteGradients(running, { batch, answer }, time, index));
    }
    const shares = sharesOf(results);
    const factors = factorsOf(results, shares);
    if (factors === undefined) results = await sharedGradients(running, asked, results, shares, time);
    combined = await meanOf(results, factors ?? results.map(() => 1));
    (optimizer as Optimizer & Partial<TimedOptimizer>).setTime?.(time);
    apply(optimizer, objective.trainable, scaled, combined);
    for (const { afterStep } of results) afterStep();
    return combined;
  } catch (error) {
    // The forward pass has already changed them. Once the optimizer has taken its step they stay, as the
    // weights do.
    if (combined === undefined) statistics.restore();
    throw error;
  } finally {
    for (const { release } of new Set([...results, ...(combined === undefined ? [] : [combined])])) release();
    dispose(asked.flatMap(({ answer }) => (answer === undefined ? [] : tensorsOfAnswer(answer))));
  }
}

/** How much each batch counts in the step, if it counts equally in all terms. */
function factorsOf(results: readonly StepResult[], shares: readonly Shares[]): number[] | undefined {
  if (results.length === 1) return [1];
  const names = Object.keys(shares[0] ?? {});
  const empty = new Set(names.filter((name) => results.every(({ normalizers }) => normalizers[name] === 0)));
  const factors = shares.map((share) => commonShare(share, empty));
  return factors.includes(undefined) ? undefined : (factors as number[]);
}

/**
 * The gradients of batches that count differently in each term: known only now, so that each batch runs once
 * more, with every term weighed by the share of the batch in it.
 */
async function sharedGradients(
  running: RunningStage,
  asked: readonly Asked[],
  first: StepResult[],
  shares: readonly Shares[],
  time: TrainingTime,
): Promise<StepResult[]> {
  for (const { release } of first.splice(0)) release();
  running.statistics.restore();
  for (const [index, one] of asked.entries())
    first.push(await finiteGradients(running, one, time, index, shares[index]));
  return first;
}

/** Asks the teacher about a batch whose targets are right. */
export async function ask(
  { objective, run: { data } }: RunningStage,
  batch: Batch,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  if (!data.checked) await objective.checkTargets(batch);
  return askTeacher(objective, batch, signal);
}

async function finiteGradients(
  running: RunningStage,
  asked: Asked,
  time: TrainingTime,
  index: number,
  shares?: Shares,
): Promise<StepResult> {
  const { numbers, ...started } = startBatch(running, asked, time, index, shares);
  const result = { ...started, ...(await running.reads.watch(numbers)) };
  try {
    await checkNumbers(running, asked, time, result);
  } catch (error) {
    result.release();
    throw error;
  }
  return result;
}
