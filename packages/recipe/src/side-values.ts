import { addN, mul } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Member, TeacherAnswer } from '@kd/core';
import { convertOutput } from './convert-output.js';
import type { Counts } from './counts.js';
import { mapPlaces, mapValues } from './sources.js';
import type { Source, Sources } from './sources.js';

type Value = Tensor | readonly Member[];

/**
 * The values that a term reads of one model, under its names, with zeros in what does not count.
 *
 * A student is an answer with one member.
 */
export function valuesOf(
  who: 'student' | 'teacher',
  sources: Sources,
  answer: TeacherAnswer | undefined,
  counts: Counts,
): Record<string, Value | readonly Value[]> {
  if (answer === undefined) return {};
  return mapValues(sources, (source) => mapPlaces(source, (one) => valueOf(who, one, answer, counts)));
}

function valueOf(
  who: 'student' | 'teacher',
  source: Source,
  { members, taps }: TeacherAnswer,
  counts: Counts,
): Value {
  if (source.kind === 'tap') return counts.blank(taps[source.position] as Tensor);
  const { name, is, as } = source;
  const converted = members.map(({ outputs, weight }) => {
    const output = counts.blank(outputs[name] as Tensor);
    // Blanked before, for the gradient, and after, because the logarithm of zero is not zero.
    return { output: is === as ? output : counts.blank(convertOutput(who, output, is, as)), weight };
  });
  if (source.members) return converted;
  const [first] = converted as [Member];
  return converted.length === 1
    ? first.output
    : addN(converted.map(({ output, weight }) => mul(output, weight)));
}
