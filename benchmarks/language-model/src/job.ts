import { isDeepStrictEqual } from 'node:util';
import type { PoolJob } from '@kd-benchmarks/experiment';
import type { PartOutcome } from '@kd-benchmarks/experiment/parts';
import type { NetShape } from './net.js';
import type { Training } from './settings.js';

/** The text as windows. */
export interface Text {
  readonly chapters: number;
  readonly length: number;
}

/** What a student learns from a teacher, beside the text. */
export interface Lesson {
  /** Weight of the teacher; the labels get the rest. */
  readonly softWeight: number;
  /** The stored answers have so many of the most likely characters; absent: the teacher is asked. */
  readonly topK?: number;
  /** The student writes this share of the batches itself after the first characters. */
  readonly written?: { readonly share: number; readonly promptLength: number };
}

/** One training as plain data. */
export interface Job extends PoolJob {
  readonly shape: NetShape;
  /** Seeds the first weights and the order of the windows. */
  readonly seed: number;
  readonly text: Text;
  readonly training: Training;
  /** Absent: the text alone. */
  readonly lesson?: Lesson;
  readonly judgedOn: 'validation' | 'test';
  /** The teacher of the lesson. */
  readonly teacher?: TeacherFiles;
  /** What a teacher leaves for its students. */
  readonly leaves?: TeacherFiles & { readonly topK: readonly number[] };
  /** Folder for the checkpoints. */
  readonly checkpoints: string;
}

/** Where students find their teacher. */
export interface TeacherFiles {
  readonly shape: NetShape;
  /** The file of its weights. */
  readonly weights: string;
  /** The folder with its stored answers. */
  readonly answers: string;
}

/** What decides a result; where its files are does not. */
export type JobSettings = Pick<Job, 'shape' | 'seed' | 'text' | 'training' | 'lesson' | 'judgedOn'>;

/** What is kept of a training. */
export interface Result extends JobSettings {
  /** Mean cross-entropy of a character, in nats; its exponential is the perplexity. */
  readonly crossEntropy: number;
  readonly accuracy: number;
  /** Unweighted losses in the last epoch, by term. */
  readonly losses: Readonly<Record<string, number>>;
  readonly seconds: number;
}

export type Outcome = PartOutcome<Result>;

/** The settings of a job, or those of its result. */
export function settingsOf({ shape, seed, text, training, lesson, judgedOn }: JobSettings): JobSettings {
  return { shape, seed, text, training, ...(lesson && { lesson }), judgedOn };
}

/** Whether a result is that of a job with the settings of today. */
export function isOf(result: Result, job: Job): boolean {
  return isDeepStrictEqual(settingsOf(result), settingsOf(job));
}
