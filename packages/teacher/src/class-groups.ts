import { KdError, like, record } from '@kd/core';
import type { Check } from '@kd/core';

/** The teacher's class for a class of the student, or several classes that the student merges into one. */
export type ClassMap = Readonly<Record<string, string | readonly string[]>>;

/** For each class of the student, in order, the positions of the teacher's classes. */
export type ClassGroups = readonly (readonly number[])[];

/**
 * Finds the teacher's classes for each class of the student; throws `KD_CLASSES_MISMATCH`, listing both, if
 * one is missing or used twice.
 */
export function classGroups(
  where: string,
  teacher: readonly string[] | undefined,
  student: readonly string[],
  map: ClassMap | undefined,
): ClassGroups {
  if (teacher === undefined) {
    throw mismatch(
      where,
      'the teacher',
      'a teacher whose classes have names',
      'a teacher that describes no classes',
      {
        remedy: 'Pass `classes` to the function that makes the teacher.',
      },
    );
  }
  const lists = `the teacher has ${teacher.join(', ')}; the student has ${student.join(', ')}`;
  const groups = student.map((name) => {
    const wanted = [map?.[name] ?? name].flat();
    return wanted.map((each) => {
      const index = teacher.indexOf(each);
      if (index !== -1) return index;
      throw mismatch(
        where,
        `the student's class ${JSON.stringify(name)}`,
        'a class of the teacher',
        JSON.stringify(each),
        {
          remedy: `Map it: map: { ${JSON.stringify(name)}: '...' }. Here ${lists}.`,
        },
      );
    });
  });
  const used = groups.flat();
  const twice = used.find((index, position) => used.indexOf(index) !== position);
  if (twice !== undefined) {
    throw mismatch(
      where,
      `the teacher's class ${JSON.stringify(teacher[twice])}`,
      'part of one class of the student',
      'two of them',
      {
        remedy: `Map it to only one. Here ${lists}.`,
      },
    );
  }
  const ambiguous = teacher.find((name, index) => teacher.indexOf(name) !== index);
  if (ambiguous !== undefined) {
    throw mismatch(
      where,
      'the classes of the teacher',
      'all different',
      `${JSON.stringify(ambiguous)} twice`,
      {
        remedy: 'Give each class of the teacher a different name.',
      },
    );
  }
  return groups;
}

const remedy = "Write classes: ['cat', 'dog'], map: { dog: ['poodle', 'pug'] }.";
const isNames = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.length > 0 && value.every((name) => typeof name === 'string');

/** The student's classes as an option. */
export const studentClasses: Check<readonly string[]> = like(
  "a list of the names of the student's classes",
  isNames,
  remedy,
);

/** A map of classes as an option. */
export const classMap: Check<ClassMap> = record(
  like(
    'the name of a class of the teacher, or a list',
    (value): value is string | readonly string[] => typeof value === 'string' || isNames(value),
    remedy,
  ),
);

/** Throws unless the classes are all different and the map has only their names as keys. */
export function checkMap(where: string, classes: readonly string[], map: ClassMap = {}): void {
  if (new Set(classes).size !== classes.length) {
    throw mismatch(where, 'options.classes', 'all different', classes.join(', '), {
      remedy: 'Give each class of the student a different name.',
    });
  }
  const other = Object.keys(map).find((name) => !classes.includes(name));
  if (other === undefined) return;
  throw mismatch(
    where,
    `options.map[${JSON.stringify(other)}]`,
    'a class of the student',
    JSON.stringify(other),
    { remedy: `Choose one of ${classes.join(', ')}.` },
  );
}

function mismatch(
  where: string,
  argument: string,
  expected: string,
  received: string,
  { remedy }: { remedy: string },
): KdError {
  return new KdError({ code: 'KD_CLASSES_MISMATCH', where, argument, expected, received, remedy });
}
