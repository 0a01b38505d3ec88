import { expect, it } from 'vitest';
import { runsOf } from './runs-of.js';
import { nameOf } from './runs.js';
import { full } from './settings.js';

const runs = runsOf(full);

it('compares each run with an earlier one of the same net, batch order apart', () => {
  const names = runs.map(nameOf);
  expect(new Set(names).size).toBe(names.length);
  for (const [place, { against, recipe }] of runs.entries()) {
    if (against === undefined) continue;
    const other = runs.slice(0, place).find((run) => nameOf(run) === against);
    expect(other?.recipe.activation).toBe(recipe.activation);
    expect(other?.recipe.optimizer).toBe(recipe.optimizer);
  }
});

it('changes nothing but the peer in the runs of the same recipe', () => {
  for (const part of ['sgd', 'adam'] as const) {
    const [first, ...others] = runs.filter((run) => run.part === part);
    expect(others.map(({ peer }) => peer)).toEqual(['tensorflow', 'torch', 'torchdistill', 'keras']);
    for (const { recipe } of others) expect(recipe).toEqual(first?.recipe);
  }
});
