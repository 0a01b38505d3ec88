import type { io } from '@tensorflow/tfjs-core';
import { readFault } from '../file-faults.js';
import { leavesDirectory } from './leaves-directory.js';
import { notAModel as remedy } from './not-a-model.js';

/**
 * The content of model.json, in the format of tfjs. Loaders ignore `replaces`, which lists the files to
 * remove once the new model is in place.
 */
export function modelJsonOf(
  artifacts: io.ModelArtifacts,
  weightsFiles: readonly string[],
  replaces?: readonly string[],
): string {
  const { modelTopology, format, generatedBy, convertedBy, weightSpecs = [] } = artifacts;
  const { signature, userDefinedMetadata, modelInitializer, initializerSignature, trainingConfig } =
    artifacts;
  return JSON.stringify({
    modelTopology,
    format,
    generatedBy,
    convertedBy,
    signature,
    userDefinedMetadata,
    modelInitializer,
    initializerSignature,
    trainingConfig,
    weightsManifest: [{ paths: weightsFiles, weights: weightSpecs }],
    replaces,
  });
}

/**
 * Reads the content of model.json; throws `KD_FILE_READ` unless it describes a layers model or graph model
 * with its weights.
 */
export function parseModelJson(where: string, file: string, text: string): io.ModelJSON {
  const expected = 'the JSON of a tfjs layers model or graph model';
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    const received = text === '' ? 'an empty file' : `text that is not JSON (${String(cause)})`;
    throw readFault(where, file, { expected, received, remedy, cause });
  }
  const fault = faultOf(content);
  if (fault === undefined) return content as io.ModelJSON;
  throw readFault(where, file, { expected, received: fault, remedy });
}

/**
 * Whether models of this format can be saved and loaded. Old files, and files of old converters, lack the
 * field.
 */
export function isModelFormat(format: unknown): boolean {
  return format === undefined || format === null || format === 'layers-model' || format === 'graph-model';
}

function faultOf(content: unknown): string | undefined {
  if (!isObject(content)) return 'JSON that is not an object';
  const { format, modelTopology, weightsManifest } = content;
  if (!isModelFormat(format)) return `a model of format ${JSON.stringify(format)}`;
  if (!isObject(modelTopology)) return 'JSON without modelTopology';
  if (!Array.isArray(weightsManifest)) return 'JSON without weightsManifest';
  if (!weightsManifest.every(isGroup)) return 'a weightsManifest without lists of paths and weights';
  const leaving = weightsManifest.flatMap(({ paths }) => paths).find(leavesDirectory);
  return leaving === undefined ? undefined : `weights outside its directory: ${JSON.stringify(leaving)}`;
}

function isGroup(group: unknown): group is io.WeightsManifestConfig[number] {
  if (!isObject(group)) return false;
  const { paths, weights } = group;
  return (
    Array.isArray(paths) &&
    paths.every((path) => typeof path === 'string') &&
    Array.isArray(weights) &&
    weights.every((weight) => isObject(weight) && Array.isArray(weight['shape']))
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
