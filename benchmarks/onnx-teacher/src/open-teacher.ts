import * as ort from 'onnxruntime-node';
import type { Teacher } from '@kd/core';
import { onnxTeacher } from '@kd/teacher/onnx';

/** Unseen digits of which Python writes down what the teacher says, the first ones of the validation set. */
export const comparedDigits = 20;

/**
 * An ONNX file as a teacher: it puts out ten logits, one for each digit; how its input is named does not
 * matter.
 */
export function openTeacher(file: string): Promise<Teacher> {
  return onnxTeacher(ort, file, {
    convention: 'logits',
    // The trainings share the processors, and each asks for one batch at a time.
    sessionOptions: { intraOpNumThreads: 1 },
  });
}
