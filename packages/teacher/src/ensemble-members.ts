import { describeValue, KdError, optionFault } from '@kd/core';
import type { Teacher } from '@kd/core';

/** A teacher of an ensemble, with its weight. */
export interface EnsembleMember {
  readonly name: string;
  readonly teacher: Teacher;
  readonly weight: number;
}

/** The function named in error messages. */
export const where = 'ensembleTeacher';

/** The members of an ensemble; throws unless they are teachers and their weights sum to one. */
export function readMembers(
  members: Readonly<Record<string, Teacher>>,
  weights: Readonly<Record<string, number>> | undefined,
): EnsembleMember[] {
  const names = readNames(members);
  checkNames(weights, names);
  const read = names.map((name) => ({
    name,
    teacher: members[name] as Teacher,
    weight: weights === undefined ? 1 / names.length : (weights[name] ?? NaN),
  }));
  checkWeights(read);
  return read;
}

function checkNames(weights: Readonly<Record<string, number>> = {}, names: readonly string[]): void {
  const other = Object.keys(weights).find((name) => !names.includes(name));
  if (other === undefined) return;
  const at = { where, argument: `options.weights.${other}` };
  throw optionFault('UNKNOWN', at, `one of ${names.join(', ')}`, other, 'Use the names of the members.');
}

function readNames(members: Readonly<Record<string, Teacher>>): string[] {
  const given: unknown = members;
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw notTeachers('members', 'an object of teachers by name', given);
  }
  const names = Object.keys(given);
  if (names.length === 0) {
    throw new KdError({
      code: 'KD_BATCH_EMPTY',
      where,
      argument: 'members',
      expected: 'an object with at least one teacher',
      received: describeValue(given),
      remedy: 'Pass the teachers by name: { wide: layersTeacher(...), deep: layersTeacher(...) }.',
    });
  }
  for (const name of names) {
    const candidate = members[name] as Partial<Teacher> | null | undefined;
    if (typeof candidate?.describe === 'function' && typeof candidate.predict === 'function') continue;
    throw notTeachers(`members.${name}`, 'a Teacher, with describe and predict', candidate);
  }
  return names;
}

function notTeachers(argument: string, expected: string, received: unknown): KdError {
  return new KdError({
    code: 'KD_OPTION_TYPE',
    where,
    argument,
    expected,
    received: describeValue(received),
    remedy: 'Pass the teachers by name: { wide: layersTeacher(...), deep: layersTeacher(...) }.',
  });
}

function checkWeights(members: readonly EnsembleMember[]): void {
  const isShare = (weight: unknown): boolean => typeof weight === 'number' && weight >= 0;
  const areShares = members.every(({ weight }) => isShare(weight));
  if (areShares && Math.abs(members.reduce((total, { weight }) => total + weight, 0) - 1) < 1e-6) return;
  throw new KdError({
    code: 'KD_WEIGHT_RANGE',
    where,
    argument: 'options.weights',
    expected: `numbers >= 0 for ${members.map(({ name }) => name).join(', ')}, summing to one`,
    received: members.map(({ name, weight }) => `${name}: ${describeValue(weight)}`).join(', '),
    remedy: 'Divide the weights by their sum.',
  });
}
