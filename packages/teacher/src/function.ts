export type { FunctionAnswer, NamedFunctionAnswer, Rows } from './function/answer-tensor.js';
export type { Call } from './function/ask.js';
export { functionTeacher } from './function/function-teacher.js';
export type { FunctionTeacherOptions } from './function/function-teacher.js';
