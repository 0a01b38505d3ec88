import { describeTap, isOutput, onlyOutput } from '@kd/core';
import type { Convention, Place, Reads, TargetPlace, Term } from '@kd/core';
import { Nonconformity } from '../nonconformity.js';
import type { ExampleShape, Shapes, ShapesOfSide } from '../subject.js';

/** The four kinds of values that a term reads. */
export type Side = 'student' | 'teacher' | 'targets' | 'inputs';

/** A value that a term reads. */
export interface Slot {
  /** Unique: two names for one place are one slot. */
  readonly key: string;
  readonly side: Side;
  /** Name of the layer, output, target or input. */
  readonly place: string;
  /** Under which name it is read first. */
  readonly name: string;
  readonly shape: ExampleShape;
  readonly kind: Convention | 'features' | 'class-ids';
  /** Whether it is read as several opinions. */
  readonly members: boolean;
}

/** Everything that a term and its modules read, with the shapes that are stated for it. */
export function slotsOf(term: Term, shapes: Shapes): readonly Slot[] {
  const slots = new Map<string, Slot>();
  for (const reads of [term.reads, ...Object.values(term.modules).map((module) => module.reads)])
    for (const slot of slotsOfReads(reads, shapes)) if (!slots.has(slot.key)) slots.set(slot.key, slot);
  return [...slots.values()];
}

function slotsOfReads(reads: Reads, shapes: Shapes): Slot[] {
  const models = (['student', 'teacher'] as const).flatMap((side) =>
    Object.entries(reads[side] ?? {}).flatMap(([name, places]) => {
      const [listed, shape] = [
        (Array.isArray(places) ? places : [places]) as readonly Place[],
        shapeOf(shapes[side], side, name),
      ];
      const isList = Array.isArray(places);
      return listed.map((place, index) =>
        ofModel(side, name, place, (isList ? shape[index] : shape) as ExampleShape),
      );
    }),
  );
  const targets = Object.entries(reads.targets ?? {}).map(([name, place]) =>
    ofTarget(name, place, shapes.targets),
  );
  const inputs = Object.entries(reads.inputs ?? {}).map(([name, place]): Slot => {
    const shape = shapeOf(shapes.inputs, 'inputs', name) as ExampleShape;
    return { key: `inputs.${place}`, side: 'inputs', place, name, shape, kind: 'features', members: false };
  });
  return [...models, ...targets, ...inputs];
}

function ofModel(side: 'student' | 'teacher', name: string, place: Place, shape: ExampleShape): Slot {
  const at = isOutput(place) ? (place.output ?? onlyOutput) : describeTap(place);
  return {
    key: `${side}.${isOutput(place) ? 'output/' : ''}${at}`,
    side,
    place: at,
    name,
    shape,
    kind: isOutput(place) ? place.as : 'features',
    members: isOutput(place) && place.members === true,
  };
}

function ofTarget(name: string, { as, target = name }: TargetPlace, shapes: ShapesOfSide | undefined): Slot {
  const shape = as === 'class-ids' ? (shapes?.[name] ?? []) : shapeOf(shapes, 'targets', name);
  return {
    key: `targets.${target}`,
    side: 'targets',
    place: target,
    name,
    shape: shape as ExampleShape,
    kind: as,
    members: false,
  };
}

function shapeOf(shapes: ShapesOfSide | undefined, side: Side, name: string): ShapesOfSide[string] {
  const shape = shapes?.[name];
  if (shape !== undefined) return shape;
  throw new Nonconformity(
    `The term reads ${side}.${name}, for which no shape is stated. Add it: shapes.${side}.${name}.`,
  );
}
