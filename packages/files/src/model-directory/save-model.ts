import { io } from '@tensorflow/tfjs-core';
import { KdError, describeValue } from '@kd/core';
import { withWriteFaults } from '../file-faults.js';
import { inTurn } from '../in-turn.js';
import { withLock } from '../lock.js';
import { isModelFormat, modelJsonOf } from './model-json.js';
import { checkReplaceable } from './replaced-files.js';
import { replaceModel } from './replace-model.js';
import { shardBytes, shardsOf } from './shards.js';
import { weightBytes } from './weight-bytes.js';
import { weightsFiles } from './weights-files.js';

/** Saves a model to a directory, all or nothing, with at most `limit` bytes of weights per file. */
export async function saveModel(
  where: string,
  directory: string,
  artifacts: io.ModelArtifacts,
  limit: number = shardBytes,
): Promise<io.SaveResult> {
  checkTopology(where, artifacts);
  const { weightData = [], weightSpecs = [] } = artifacts;
  const shards = shardsOf(Array.isArray(weightData) ? weightData : [weightData], limit);
  checkWeights(where, shards, weightSpecs);
  const place = {
    where,
    argument: 'path',
    directory,
    kept: 'an earlier model in this directory is complete',
  };
  const modelJson = (files: readonly string[], replaces?: readonly string[]): string =>
    modelJsonOf(artifacts, files, replaces);
  const save = async (token: string): Promise<void> => {
    await checkReplaceable(where, directory, weightsFiles(shards.length));
    await replaceModel(directory, { shards, modelJson }, token);
  };
  await withWriteFaults(place, () => inTurn(directory, () => withLock(place, save)));
  return { modelArtifactsInfo: io.getModelArtifactsInfoForJSON(artifacts) };
}

function checkTopology(where: string, { format, modelTopology }: io.ModelArtifacts): void {
  const isKnown = isModelFormat(format);
  if (isKnown && modelTopology !== undefined && !(modelTopology instanceof ArrayBuffer)) return;
  throw new KdError({
    code: 'KD_MODEL_UNSUPPORTED',
    where,
    argument: 'the model',
    expected: 'a tfjs layers model or graph model with its topology as JSON',
    received: isKnown ? describeValue(modelTopology) : `a model of format ${describeValue(format)}`,
    remedy: 'Save it with one of the handlers of tfjs.',
  });
}

/**
 * Rejects a model loaded with `streamWeights`: it has weight specs but no weights, so the saved model would
 * not load.
 */
function checkWeights(
  where: string,
  shards: readonly (readonly Uint8Array[])[],
  specs: readonly io.WeightsManifestEntry[],
): void {
  const expected = weightBytes(specs);
  const actual = shards.flat().reduce((sum, { byteLength }) => sum + byteLength, 0);
  if (expected === undefined || actual === expected) return;
  throw new KdError({
    code: 'KD_MODEL_UNSUPPORTED',
    where,
    argument: 'weightData',
    expected: `${String(expected)} bytes long, as stated in weightSpecs`,
    received: `${String(actual)} bytes`,
    remedy: 'Load the model without `streamWeights`, then save it.',
  });
}
