import { describeShape, KdError } from '@kd/core';
import type { OutputDescription, Shape, Tap, TeacherDescription } from '@kd/core';
import { askMembers } from './ask-members.js';
import { where } from './ensemble-members.js';
import type { EnsembleMember } from './ensemble-members.js';
import { fingerprintOfTexts } from './fingerprint.js';
import { inOrder, tapsByMember } from './member-taps.js';

/**
 * The description of an ensemble; throws if the outputs of its members differ, naming the first that differs.
 */
export async function describeMembers(
  members: readonly EnsembleMember[],
  taps: readonly Tap[],
): Promise<TeacherDescription> {
  const { answers, taps: shapes } = await askMembers<Shape, TeacherDescription>(members, taps, {
    ask: (teacher, own) => teacher.describe({ taps: own }),
    release: () => undefined,
  });
  const [first] = answers as [TeacherDescription];
  answers.forEach(({ output }, index) => {
    const difference = differenceOf(first.output, output);
    if (difference === undefined) return;
    throw new KdError({
      code: 'KD_TEACHER_OUTPUT',
      where,
      argument: `${difference.what} of member ${JSON.stringify(members[index]?.name)}`,
      expected: `${difference.expected}, as for member ${JSON.stringify(members[0]?.name)}`,
      received: difference.received,
      remedy: 'Give all members the same convention, shape and classes.',
    });
  });
  const fingerprints = members.map(
    ({ name, weight }, index) => `${name} ${String(weight)} ${answers[index]?.fingerprint ?? ''}`,
  );
  return {
    output: first.output,
    taps: shapes,
    tapActivations: inOrder(
      tapsByMember(
        members.map(({ name }) => name),
        taps,
      ),
      answers.map(({ taps: own, tapActivations }) => own.map((_, which) => tapActivations?.[which])),
    ),
    fingerprint: fingerprintOfTexts(fingerprints),
    frozen: answers.every(({ frozen }) => frozen),
  };
}

/** The first difference between two outputs; the number of examples does not count. */
function differenceOf(
  one: OutputDescription,
  other: OutputDescription,
): { what: string; expected: string; received: string } | undefined {
  const conventions = [one, other].map(({ convention }) => JSON.stringify(convention));
  const shapes = [one, other].map(({ shape }) => describeShape(shape.slice(1)));
  const lists = [one, other].map(({ classes = [] }) => classes);
  const counts = lists.map(({ length }) => `${String(length)} names`);
  const names = Array.from({ length: Math.max(...lists.map(({ length }) => length)) }, (_, index) => ({
    what: `the name of class ${String(index)}`,
    values: lists.map((list) => JSON.stringify(list[index])),
  }));
  const found = [
    { what: 'the convention', values: conventions },
    { what: 'the shape of an output', values: shapes },
    { what: 'the list of classes', values: counts },
    ...names,
  ].find(({ values }) => values[0] !== values[1]);
  if (found === undefined) return undefined;
  const [expected = '', received = ''] = found.values;
  return { what: found.what, expected, received };
}
