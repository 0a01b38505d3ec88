export { absoluteErrorLoss } from './absolute-error-loss.js';
export { huberLoss } from './huber-loss.js';
export type { HuberLossOptions } from './huber-loss.js';
export { squaredErrorLoss } from './squared-error-loss.js';
export { teacherBoundedLoss } from './teacher-bounded-loss.js';
export type { BoundedTargets, TeacherBoundedLossOptions } from './teacher-bounded-loss.js';
export type { ValueLoss } from './value-loss.js';
