import { describeShape, describeTeacher, KdError, onlyOutput } from '@kd/core';
import type { OutputInfo, Tap, TeacherDescription, ValueInfo } from '@kd/core';
import { askMembers } from './ask-members.js';
import { where } from './ensemble-members.js';
import type { EnsembleMember } from './ensemble-members.js';
import { fingerprintOfTexts } from './fingerprint.js';

/**
 * The description of an ensemble, which has the outputs that all members have. Throws if there is none, or if
 * the members' outputs of one name differ, naming the first member that differs.
 */
export async function describeMembers(
  members: readonly EnsembleMember[],
  taps: readonly Tap[],
): Promise<TeacherDescription> {
  const { answers, taps: infos } = await askMembers<ValueInfo, TeacherDescription>(members, taps, {
    ask: (teacher, own) => describeTeacher(teacher, { taps: own }),
    release: () => undefined,
  });
  const fingerprints = members.map(
    ({ name, weight }, index) => `${name} ${String(weight)} ${answers[index]?.fingerprint ?? ''}`,
  );
  return {
    outputs: sharedOutputs(
      members,
      answers.map(({ outputs }) => outputs),
    ),
    taps: infos,
    fingerprint: fingerprintOfTexts(fingerprints),
    frozen: answers.every(({ frozen }) => frozen),
    variables: answers.flatMap(({ variables = [] }) => variables),
  };
}

type Outputs = TeacherDescription['outputs'];

function sharedOutputs(members: readonly EnsembleMember[], described: readonly Outputs[]): Outputs {
  const [first] = described as [Outputs];
  const shared = Object.entries(first).filter(([name]) =>
    described.every((outputs) => Object.hasOwn(outputs, name)),
  );
  if (shared.length === 0) {
    const lists = members.map(
      ({ name }, index) => `${name}: ${Object.keys(described[index] ?? {}).join(', ')}`,
    );
    throw new KdError({
      code: 'KD_TEACHER_OUTPUT',
      where,
      argument: 'the outputs of the members',
      expected: 'at least one name that all members have',
      received: lists.join('; '),
      remedy: 'Give the outputs of the members the same names: convention: { name: { convention, from } }.',
    });
  }
  for (const [name, output] of shared)
    for (const [index, outputs] of described.entries())
      checkAlike(name, members[0], output, members[index], outputs[name] as OutputInfo);
  return Object.fromEntries(shared);
}

function checkAlike(
  name: string,
  first: EnsembleMember | undefined,
  expected: OutputInfo,
  other: EnsembleMember | undefined,
  received: OutputInfo,
): void {
  const difference = differenceOf(expected, received);
  if (difference === undefined) return;
  const of = name === onlyOutput ? '' : ` of the output ${JSON.stringify(name)}`;
  throw new KdError({
    code: 'KD_TEACHER_OUTPUT',
    where,
    argument: `${difference.what}${of} of member ${JSON.stringify(other?.name)}`,
    expected: `${difference.expected}, as for member ${JSON.stringify(first?.name)}`,
    received: difference.received,
    remedy: 'Give all members the same convention, shape and classes.',
  });
}

/** The first difference between two outputs; the number of examples does not count. */
function differenceOf(
  one: OutputInfo,
  other: OutputInfo,
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
