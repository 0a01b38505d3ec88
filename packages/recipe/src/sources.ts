import { conventions, isOutput, KdError, onlyOutput } from '@kd/core';
import type { Convention, Infos, Output, OutputInfo, Place, ValueInfo } from '@kd/core';
import type { KnownSide } from './known-side.js';
import type { Reader } from './readers.js';

/** Where the value of a place comes from. */
export type Source = TapSource | OutputSource;

interface TapSource {
  readonly kind: 'tap';
  readonly position: number;
  readonly info: ValueInfo;
}

interface OutputSource {
  readonly kind: 'output';
  readonly name: string;
  /** The convention that the model has. */
  readonly is: Convention;
  /** The convention in which the term wants it. */
  readonly as: Convention;
  /** Whether the members of a teacher stay separate. */
  readonly members: boolean;
  readonly info: ValueInfo;
}

/** Sources by the names of the reader. */
export type Sources = Readonly<Record<string, Source | readonly Source[]>>;

/** Both sides of what a term or module reads. */
export interface SourcesOfReader {
  readonly student: Sources;
  readonly teacher: Sources;
}

/** Finds every place that a reader reads. Throws for places that are not there, or of another family. */
export function sourcesOf(
  { where, reads }: Reader,
  student: KnownSide,
  teacher: KnownSide | undefined,
): SourcesOfReader {
  const found = (side: 'student' | 'teacher', known: KnownSide | undefined): Sources =>
    mapValues(reads[side] ?? {}, (places) => {
      if (known === undefined) throw withoutTeacher(where);
      return mapPlaces(places, (place) => sourceOf(where, known, place));
    });
  return { student: found('student', student), teacher: found('teacher', teacher) };
}

/** What is known of these sources, by the same names. */
export function infosOf({ student, teacher }: SourcesOfReader, datasetSize: number | undefined): Infos {
  const infos = (sources: Sources): Infos['student'] =>
    mapValues(sources, (source) => mapPlaces(source, ({ info }) => info));
  return { student: infos(student), teacher: infos(teacher), datasetSize };
}

/** Applies a function to one place, or to each of a list. */
export function mapPlaces<P extends object | string, V>(
  places: P | readonly P[],
  of: (place: P) => V,
): V | readonly V[] {
  return Array.isArray(places) ? places.map(of) : of(places as P);
}

/** Applies a function to each value of an object. */
export function mapValues<V, W>(
  record: Readonly<Record<string, V>>,
  of: (value: V, name: string) => W,
): Record<string, W> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, of(value, name)]));
}

function sourceOf(where: string, known: KnownSide, place: Place): Source {
  if (!isOutput(place)) return { kind: 'tap', ...known.tap(where, place) };
  const { as, members = false } = place;
  const [name, output] = outputOf(where, known, place);
  checkFamily(where, known, name, output, as);
  return { kind: 'output', name, is: output.convention, as, members, info: { ...output, convention: as } };
}

function outputOf(where: string, { who, outputs }: KnownSide, { output }: Output): [string, OutputInfo] {
  const names = Object.keys(outputs);
  const usual = names.includes(onlyOutput) ? onlyOutput : undefined;
  const name = output ?? (names.length === 1 ? names[0] : usual);
  const found = name === undefined ? undefined : outputs[name];
  if (name !== undefined && found !== undefined) return [name, found];
  throw new KdError({
    code: 'KD_OUTPUT_UNKNOWN',
    where,
    argument: `the output that it reads of the ${who}`,
    expected: names.length === 1 ? `${names.join()}, or not named` : `one of ${names.join(', ')}`,
    received: name === undefined ? 'no name, and several outputs' : JSON.stringify(name),
    remedy: 'Name the output in the options of the term, or add it to the convention of the model.',
  });
}

function checkFamily(
  where: string,
  { who }: KnownSide,
  name: string,
  { convention }: OutputInfo,
  as: Convention,
): void {
  const [is, wanted] = [conventions[convention].family, conventions[as].family];
  if (is === wanted) return;
  throw new KdError({
    code: 'KD_TEACHER_CONVENTION',
    where,
    argument: `the output ${JSON.stringify(name)} of the ${who}`,
    expected: `of ${wanted}`,
    received: `${JSON.stringify(convention)}, which is of ${is}`,
    remedy: `Use a term for ${is}, or state the convention that the output has.`,
  });
}

function withoutTeacher(where: string): KdError {
  return new KdError({
    code: 'KD_TERM_NEEDS',
    where,
    argument: 'recipe.teacher',
    expected: 'given, because the term reads it',
    received: 'undefined',
    remedy: 'Add a teacher to the recipe, or drop the term.',
  });
}
