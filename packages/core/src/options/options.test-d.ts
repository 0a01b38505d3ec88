import { expectTypeOf } from 'vitest';
import type { Schedule } from '../schedule.js';
import { fn, oneOf, positive, scheduled, whole } from './checks.js';
import { either, nested } from './compound.js';
import { optionsOf } from './options-of.js';
import type { FieldsOf, Options, Settings } from './options-of.js';

interface Stopping {
  readonly measure?: 'losses' | ((x: number) => number);
  readonly patience?: number;
}
const measure = either(oneOf('losses'), fn<(x: number) => number>());
const stopping: Options<Stopping, FieldsOf<Stopping, 'measure'>> = optionsOf<Stopping>()({
  measure: measure.default('losses'),
  patience: whole(1).optional(),
});
interface Example {
  readonly epochs: number;
  readonly temperature?: number | Schedule;
  readonly stopping?: Stopping;
}
const example = optionsOf<Example>()({
  epochs: whole(1),
  temperature: scheduled(positive).default(4),
  stopping: nested(stopping).default({}),
});

const read = example.read('train', { epochs: 3 });
expectTypeOf(read.epochs).toEqualTypeOf<number>();
expectTypeOf(read.temperature).toEqualTypeOf<number | Schedule>();
expectTypeOf(read.stopping.measure).toEqualTypeOf<'losses' | ((x: number) => number)>();
expectTypeOf(read.stopping.patience).toEqualTypeOf<number | undefined>();
expectTypeOf(read.stopping).toEqualTypeOf<Settings<typeof stopping.fields>>();
expectTypeOf(read).toExtend<Pick<Example, 'epochs' | 'stopping'>>();

// @ts-expect-error `patience` is missing.
optionsOf<Stopping>()({ measure: measure.default('losses') });
optionsOf<Stopping>()({
  measure: measure.default('losses'),
  patience: whole(1).optional(),
  // @ts-expect-error `patients` is misspelt.
  patients: whole(1).optional(),
});
// @ts-expect-error A schedule would be refused.
optionsOf<{ readonly t?: number | Schedule }>()({ t: positive.default(1) });
// @ts-expect-error A schedule would be let in.
optionsOf<{ readonly t?: number }>()({ t: scheduled(positive).default(1) });
// @ts-expect-error It may be left out, so it needs a default or `optional`.
optionsOf<{ readonly t?: number }>()({ t: positive });
// @ts-expect-error It may not be left out.
optionsOf<{ readonly t: number }>()({ t: positive.optional() });
// @ts-expect-error There is no such option.
example.without('epoch');
// @ts-expect-error `epochs` is required.
(() => example.read('train'))();
// @ts-expect-error `temperature` was not picked.
expectTypeOf(example.pick('epochs').read('train', { epochs: 1 }).temperature).toBeNumber();
