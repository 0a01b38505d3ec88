export { savedModelTeacher } from './saved-model-teacher.js';
export type { SavedModelTeacherOptions } from './saved-model-teacher.js';
export type { LoadedModel, MetaGraph, SavedValue, TfjsNode } from './tfjs-node.js';
