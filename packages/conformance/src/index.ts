export type { Check } from './check.js';
export { checks } from './checks/index.js';
export type { FromGolden, GoldenCase } from './golden.js';
export { Nonconformity } from './nonconformity.js';
export type { ArraysOfBatch, Nested } from './rig/from-arrays.js';
export { describeGoldenWith, describeTeacherWith, describeTermWith } from './runner.js';
export type { DescribeGolden, DescribeTeacher, DescribeTerm, GoldenFile, Runner } from './runner.js';
export type {
  BadValues,
  Claims,
  ExampleShape,
  ReferenceValues,
  Shapes,
  ShapesOfSide,
  Subject,
} from './subject.js';
export { teacherChecks } from './teacher/checks.js';
export type { TeacherCheck, TeacherRequests, TeacherSubject } from './teacher/subject.js';
