export { onnxTeacher } from './onnx/onnx-teacher.js';
export type { OnnxTeacherOptions } from './onnx/onnx-teacher.js';
export type { OnnxMetadata, OnnxRuntime, OnnxSession, OnnxTensor } from './onnx/runtime.js';
