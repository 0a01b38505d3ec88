import { nameOf, peers, titles } from './runs.js';
import type { Part, Recipe, Run } from './runs.js';
import type { Settings } from './settings.js';

/** All runs; each comes after the one it is compared with. */
export function runsOf(settings: Settings): readonly Run[] {
  const sgd = recipeOf(settings, 'sgd');
  const adam = recipeOf(settings, 'adam');
  return [
    ...everywhere('sgd', sgd),
    ...everywhere('adam', adam),
    ...kinks({ ...sgd, activation: 'relu' }),
    ...differences(sgd, adam),
  ];
}

/** The recipe that all peers follow, with one of two optimizers. */
export function recipeOf(settings: Settings, optimizer: Recipe['optimizer']): Recipe {
  const { temperature, softWeight, sgd, adam } = settings;
  return {
    activation: 'tanh',
    optimizer,
    learningRate: settings[optimizer].learningRate,
    momentum: sgd.momentum,
    epsilon: adam.epsilon,
    temperature,
    softWeight,
    labels: true,
    isDefaultLoss: false,
    isReversed: false,
  };
}

/** What the other peers of a part are compared with. */
const reference = (part: Part): string => nameOf({ part, title: titles[peers[0]] });

function everywhere(part: Part, recipe: Recipe): Run[] {
  return peers.map((peer) => {
    const run = { part, peer, title: titles[peer], recipe };
    return peer === peers[0] ? run : { ...run, against: reference(part) };
  });
}

/** With a kink, and PyTorch once more: against itself, with nothing changed but the order of sums. */
function kinks(recipe: Recipe): Run[] {
  const part = 'relu';
  return [
    ...everywhere(part, recipe),
    {
      part,
      peer: 'torch',
      title: 'PyTorch, reversed, to PyTorch',
      recipe: { ...recipe, isReversed: true },
      against: nameOf({ part, title: titles.torch }),
    },
  ];
}

/** What the peers do where their users may not expect it. */
function differences(sgd: Recipe, adam: Recipe): Run[] {
  const part = 'differences';
  const softOnly = { ...sgd, softWeight: 1 };
  const ours = { part, peer: peers[0], title: 'ours, soft targets only', recipe: softOnly } as const;
  const others = [
    { peer: 'torchdistill', title: 'torchdistill, alpha = 0', recipe: softOnly, against: nameOf(ours) },
    {
      peer: 'torchdistill',
      title: 'torchdistill, no labels',
      recipe: { ...sgd, labels: false },
      against: nameOf(ours),
    },
    {
      peer: 'keras',
      title: 'Keras, default loss',
      recipe: { ...sgd, isDefaultLoss: true },
      against: reference('sgd'),
    },
    {
      peer: 'keras',
      title: 'Keras, default epsilon',
      recipe: { ...adam, epsilon: 1e-7 },
      against: reference('adam'),
    },
  ] as const;
  return [ours, ...others.map((run) => ({ part, ...run }) as const)];
}
