import { learningRateAt, nets, pairs, schedule } from '@kd-benchmarks/cifar-nets';
import type { NetName, PairName } from '@kd-benchmarks/cifar-nets';
import { cropAndFlip, loadPictures } from '@kd-datasets/cifar100';
import { sgd } from '@kd/optimizers';
import { part } from './work.js';
import type { Learner, Parts, Work } from './work.js';

/** How large a trial is. */
interface Size {
  readonly pictures: { readonly train?: number; readonly test?: number };
  readonly validation: number;
  readonly epochs: number;
  readonly width: number;
}

const whole: Size = { pictures: {}, validation: 5_000, epochs: schedule.epochs, width: 1 };
const tiny: Size = { pictures: { train: 96, test: 32 }, validation: 32, epochs: 2, width: 0.25 };

/**
 * CIFAR-100 with a published pair of nets and its schedule. The last 5,000 training pictures choose, where
 * the published numbers have seen all 50,000.
 */
export function cifar(folder: string, pair: PairName, isTiny: boolean): Work {
  const size = isTiny ? tiny : whole;
  const { teacher, student } = pairs[pair];
  const learning = (size.pictures.train ?? 50_000) - size.validation;
  return {
    name: `cifar100-${pair}${isTiny ? '-tiny' : ''}`,
    load: () => load(folder, size),
    students: learning,
    teacher: learnerOf(teacher, size),
    student: learnerOf(student, size),
  };
}

function learnerOf(name: NetName, { epochs, width }: Size): Learner {
  const { batchSize, sgd: settings } = schedule;
  return {
    net: (seed) => nets[name]({ seed, classes: 100, width }),
    training: {
      epochs,
      batchSize,
      augmentations: cropAndFlip(),
      // The rate falls after the same shares of a stage as in the published schedule.
      optimizer: (ofStage, factor) =>
        sgd({
          ...settings,
          learningRate: ({ epoch }) =>
            factor * learningRateAt(name, Math.floor((epoch * schedule.epochs) / ofStage)),
        }),
    },
  };
}

async function load(folder: string, { pictures, validation }: Size): Promise<Parts> {
  const sized = (size: number | undefined) => (size === undefined ? {} : { size });
  const train = await loadPictures(folder, 'train', sized(pictures.train));
  const learning = train.size - validation;
  return {
    learning: part(train, 0, learning),
    validation: part(train, learning, train.size),
    test: await loadPictures(folder, 'test', sized(pictures.test)),
  };
}
