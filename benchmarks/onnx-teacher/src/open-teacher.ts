import * as ort from 'onnxruntime-node';
import type { Teacher } from '@kd/core';
import { onnxTeacher } from '@kd/teacher/onnx';

/**
 * Number of unseen digits for which Python records the teacher's answers: the first ones of the validation
 * set.
 */
export const comparedDigits = 20;

/**
 * Opens an ONNX file as a teacher that outputs ten logits, one for each digit; its input may have any name.
 */
export function openTeacher(file: string): Promise<Teacher> {
  return onnxTeacher(ort, file, {
    convention: 'logits',
    // The trainings share the processors, and each asks for one batch at a time.
    sessionOptions: { intraOpNumThreads: 1 },
  });
}
