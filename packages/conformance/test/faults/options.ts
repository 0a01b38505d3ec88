import { KdError, numberIn, optionsOf } from '@kd/core';
import type { Term } from '@kd/core';
import { abs, square, sub } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Claims, Subject } from '../../src/index.js';
import { pair, perExample, squaredError, subjectOf } from '../sound.js';
import type { Fault } from './fault.js';

interface PowerOptions {
  readonly power?: number;
}

const atLeastOne = numberIn('a finite number >= 1', (p) => Number.isFinite(p) && p >= 1, 'Use 2.');
const powerOptions = optionsOf<PowerOptions>()({ power: atLeastOne.default(2) });
const readPower = (given: PowerOptions): number => powerOptions.read('tried', given).power;

/** An error to a power; sound unless `from` reads the option wrongly or `change` breaks the term. */
function powered({
  from = readPower,
  change = (term, power) => ({ ...term, settings: { power } }),
  claims = { variants: [{ power: 1 }], refuses: { power: [0.5] } },
}: {
  readonly from?: (given: PowerOptions) => number;
  readonly change?: (term: Term, power: number) => Term;
  readonly claims?: Partial<Claims<object>>;
}): Subject {
  return subjectOf({
    ...pair,
    claims: { options: { power: 2 }, ...claims },
    loss: ({ student, teacher }) => ({ values: squaredError(student.map, teacher.map) }),
    makeTerm: (term, given) => {
      const power = from(given);
      const loss: Term['loss'] = ({ student, teacher }) => {
        const error = sub((student as { map: Tensor }).map, (teacher as { map: Tensor }).map);
        return { values: perExample(power === 2 ? square(error) : abs(error)) };
      };
      return change({ ...term, loss }, power);
    },
  });
}

const refused = (received: unknown): KdError =>
  new KdError({
    code: 'KD_OPTION_RANGE',
    where: 'tried',
    argument: 'options.power',
    expected: 'a number >= 1',
    received: String(received),
    remedy: 'Use 2.',
  });

/** Sound, so that a fault is the only thing that is wrong. */
export const soundPower: Subject = powered({});

/** Options, settings and shapes. */
export const faultsOfOptions: readonly Fault[] = [
  {
    name: 'ignores options that it does not know',
    caughtBy: 'option-spelling',
    subject: powered({
      from: ({ power = 2 }) => {
        if (!(typeof power === 'number' && power >= 1)) throw refused(power);
        return power;
      },
    }),
  },
  {
    name: 'accepts a power that is not a number',
    caughtBy: 'option-type',
    subject: powered({
      from: ({ power = 2, ...others }) => {
        powerOptions.read('tried', others);
        if (typeof power === 'number' && power < 1) throw refused(power);
        return power;
      },
    }),
  },
  {
    name: 'accepts a power below one',
    caughtBy: 'option-range',
    subject: powered({
      from: (given) => {
        const { power } = given;
        if (typeof power === 'number' && power < 1) return power;
        return readPower(given);
      },
    }),
  },
  {
    name: 'refuses a power below one with an error of the language',
    caughtBy: 'option-range',
    subject: powered({
      from: (given) => {
        if (given.power === 0.5) throw new RangeError('power');
        return readPower(given);
      },
    }),
  },
  {
    name: 'does not say which option it refuses',
    caughtBy: 'option-range',
    subject: powered({
      from: (given) => {
        if (given.power !== 0.5) return readPower(given);
        const code = 'KD_OPTION_RANGE';
        throw new KdError({
          code,
          where: 'tried',
          argument: 'options',
          expected: 'valid',
          received: '0.5',
          remedy: 'Read.',
        });
      },
    }),
  },
  {
    name: 'leaves an option out of its settings',
    caughtBy: 'settings-tell-apart',
    subject: powered({ change: (term) => term }),
  },
  {
    name: 'has an option that does nothing',
    caughtBy: 'settings-tell-apart',
    subject: powered({
      change: (term, power) => ({
        ...term,
        settings: { power },
        loss: ({ student, teacher }) => ({
          values: squaredError((student as { map: Tensor }).map, (teacher as { map: Tensor }).map),
        }),
      }),
    }),
  },
  {
    name: 'has a Map among its settings',
    caughtBy: 'settings-serialisable',
    subject: powered({
      change: (term, power) => ({ ...term, settings: { power, extra: new Map([[1, 2]]) } }),
    }),
  },
  {
    name: 'has a function without a name among its settings',
    caughtBy: 'settings-serialisable',
    subject: powered({
      change: (term, power) => ({ ...term, settings: { power, distances: [(x: Tensor) => x] } }),
    }),
  },
  {
    name: 'has infinity among its settings',
    caughtBy: 'settings-serialisable',
    subject: powered({ change: (term, power) => ({ ...term, settings: { power, limit: Infinity } }) }),
  },
  {
    name: 'does not look at the shapes',
    caughtBy: 'refuses-shapes',
    subject: powered({
      claims: { refusesShapes: [{ student: { map: [3, 2] }, teacher: { map: [3, 1] } }] },
    }),
  },
];
