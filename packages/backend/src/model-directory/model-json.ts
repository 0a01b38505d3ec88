import type { io } from '@tensorflow/tfjs-core';
import { readFault } from './file-fault.js';

/** The content of model.json, in the format of tfjs, with all weights in one file. */
export function modelJsonOf(artifacts: io.ModelArtifacts, weightsFile: string): string {
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
    weightsManifest: [{ paths: [weightsFile], weights: weightSpecs }],
  });
}

/** Reads the content of model.json; `KD_FILE_READ` unless it is that of a layers model with its weights. */
export function parseModelJson(where: string, file: string, text: string): io.ModelJSON {
  const remedy = 'Pass the directory of a model that model.save wrote.';
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    const received = text === '' ? 'an empty file' : `text that is not JSON (${String(cause)})`;
    throw readFault(where, file, { expected: 'the JSON of a tfjs layers model', received, remedy, cause });
  }
  const fault = faultOf(content);
  if (fault === undefined) return content as io.ModelJSON;
  throw readFault(where, file, { expected: 'the JSON of a tfjs layers model', received: fault, remedy });
}

function faultOf(content: unknown): string | undefined {
  if (!isObject(content)) return 'JSON that is not an object';
  const { format, modelTopology, weightsManifest } = content;
  // Files older than the field, and those of old converters, lack it.
  if (format !== undefined && format !== null && format !== 'layers-model') {
    return `a model of format ${JSON.stringify(format)}`;
  }
  if (!isObject(modelTopology)) return 'JSON without modelTopology';
  if (!Array.isArray(weightsManifest)) return 'JSON without weightsManifest';
  return weightsManifest.every(isGroup) ? undefined : 'a weightsManifest without lists of paths and weights';
}

function isGroup(group: unknown): boolean {
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
