import { paperTeacher, smallTeacher } from '../plans.js';
import type { TeacherKind } from './study.js';

const test = 10_000;

/** The paper's teacher. */
export const teacher: TeacherKind = {
  name: 'teacher',
  plan: paperTeacher,
  digits: { learning: 55_000, validation: 5000, test },
  training: { epochs: 8, batchSize: 128, learningRate: 0.0015 },
  shift: 2,
};

/** A teacher for students of a million multiplications. */
export const teacherOfDepths: TeacherKind = {
  name: 'small teacher',
  plan: smallTeacher,
  digits: { learning: 20_000, validation: 1000, test },
  training: { epochs: 2, batchSize: 32, learningRate: 0.002 },
};

/** A teacher for a study that takes seconds. */
export const trialTeacher: TeacherKind = {
  ...teacherOfDepths,
  name: 'teacher',
  digits: { learning: 200, validation: 100, test: 300 },
  training: { epochs: 1, batchSize: 32, learningRate: 0.002 },
  shift: 2,
};
