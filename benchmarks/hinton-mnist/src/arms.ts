import type { Settings } from './settings.js';

/** A kind of student: its students differ in the seed alone. */
export interface Arm {
  readonly name: string;
  readonly units: number;
  /** Absent: labels alone. */
  readonly temperature?: number;
  /** Omitted classes. */
  readonly without?: readonly number[];
  /** Classes whose biases are corrected. */
  readonly corrected?: readonly number[];
  /** Share of the digits; default 1. */
  readonly share?: number;
  /** Epochs of the teacher, if it is one that learns less. */
  readonly teacherEpochs?: number;
}

/** What the omitted classes leave. */
export const omissions = {
  'no 3': { without: [3], corrected: [3] },
  'only 7 and 8': { without: [0, 1, 2, 3, 4, 5, 6, 9], corrected: [7, 8] },
} as const;

/** The student that learns from labels alone. */
export function alone(units: number): Arm {
  return { name: `${String(units)} units, labels`, units };
}

/** The student that learns from a teacher at a temperature. */
export function distilled(units: number, temperature: number): Arm {
  return { name: `${String(units)} units, T = ${String(temperature)}`, units, temperature };
}

/** Students of a transfer set without some classes. */
export function omitting({ units: [units], temperature }: Settings): Arm[] {
  return Object.entries(omissions).map(([name, omission]) => ({ name, units, temperature, ...omission }));
}

/** Students of few digits, from labels and from the teacher. */
export function few({ units: [units], temperature, share }: Settings): readonly [Arm, Arm] {
  const name = `${String(100 * share)} % of the digits`;
  return [
    { name: `${name}, labels`, units, share },
    { name: `${name}, T = ${String(temperature)}`, units, temperature, share },
  ];
}

/** The student of a teacher that learns less. */
export function ofWeaker(units: number, temperature: number, teacherEpochs: number): Arm {
  const { name } = distilled(units, temperature);
  return { name: `${name}, teacher of ${String(teacherEpochs)} epochs`, units, temperature, teacherEpochs };
}

/** All kinds of students, the most important first. */
export function armsOf(settings: Settings): Arm[] {
  const { units, temperature, temperatures, teacher } = settings;
  const [largest] = units;
  const weaker = teacher.fewerEpochs.flatMap((epochs) =>
    lowAndHigh(settings).map((each) => ofWeaker(largest, each, epochs)),
  );
  const sweep = units.flatMap((count) => temperatures.map((each) => distilled(count, each)));
  const all = [
    alone(largest),
    distilled(largest, temperature),
    ...omitting(settings),
    ...few(settings),
    ...units.map(alone),
    ...sweep,
    ...weaker,
  ];
  return [...new Map(all.map((arm) => [arm.name, arm])).values()];
}

/** The temperatures at which students of weaker teachers learn: the lowest above 1, and that of the table. */
export function lowAndHigh({ temperature, temperatures }: Settings): [number, number] {
  return [Math.min(...temperatures.filter((each) => each > 1)), temperature];
}
