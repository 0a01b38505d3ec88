import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { dispose } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { describeValue, KdError } from '@kd/core';
import { readState } from './check-state.js';
import { checkEpochs } from './check-epochs.js';
import type { TrainingConfig } from './config.js';
import { damagedParts } from './damaged.js';
import type { Damaged } from './damaged.js';
import { fromJson, toJson } from './json.js';
import { checkSameConfig } from './same-config.js';
import { decodeSafetensors, encodeSafetensors } from './safetensors.js';
import type { TrainingState } from './state.js';
import { loadFrom } from './from-store.js';
import type { CheckpointStore, StoredCheckpoint } from './store.js';

type Tensors = Readonly<Record<string, Tensor>>;

/** Everything that a training needs in order to resume. */
export interface Checkpoint {
  readonly state: TrainingState;
  /** Weights of the student, by name. */
  readonly student: Tensors;
  /** Of all modules of the training. */
  readonly modules: Tensors;
  readonly optimizer: Tensors;
  /** Weights of student and modules in the best epoch of the current stage. */
  readonly best: Tensors;
  /**
   * Weights of student and modules after the last step of a training that has ended, if it then restored
   * those of its best epoch. Without them it could not be extended.
   */
  readonly last: Tensors;
}

/** A checkpoint that was loaded. Whether its tensors are those of the training is not yet checked. */
export interface LoadedCheckpoint extends Checkpoint {
  /** The error for a file of it. */
  readonly damaged: (group: (typeof groups)[number]) => Damaged;
}

const groups = ['student', 'modules', 'optimizer', 'best', 'last'] as const;
const format = 'kd-checkpoint';
// 4: the state in which a training ended; digests of data are texts.
const formatVersion = 4;
const manifestFile = 'manifest.json';

interface Manifest {
  readonly format: string;
  readonly formatVersion: number;
  readonly configHash: string;
  readonly config: TrainingConfig;
  readonly state: TrainingState;
  readonly stateHash: string;
  readonly files: Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>>;
}

/** Saves a checkpoint: a safetensors file for each group of tensors, and a manifest with their hashes. */
export async function saveCheckpoint(
  store: CheckpointStore,
  config: TrainingConfig,
  { state, ...tensors }: Checkpoint,
): Promise<void> {
  const files: Record<string, Uint8Array> = {};
  for (const group of groups) files[fileOf(group)] = await encodeSafetensors(tensors[group]);
  const hashes = Object.entries(files).map(
    ([name, file]) => [name, { bytes: file.length, sha256: hashOf(file) }] as const,
  );
  const manifest: Manifest = {
    format,
    formatVersion,
    configHash: hashOf(bytesOf(toJson(config))),
    config,
    state,
    stateHash: hashOf(bytesOf(toJson(state))),
    files: Object.fromEntries(hashes),
  };
  await store.save({ ...files, [manifestFile]: bytesOf(toJson(manifest)) });
}

/**
 * The newest checkpoint, or undefined. The caller owns its tensors. Throws if the checkpoint is damaged or
 * belongs to another training than that with this config.
 */
export async function loadCheckpoint(
  where: string,
  store: CheckpointStore,
  config?: TrainingConfig,
): Promise<LoadedCheckpoint | undefined> {
  const stored = await loadFrom(where, store);
  if (stored === undefined) return undefined;
  const damaged = damagedParts(where, stored.name);
  const manifest = readManifest(where, stored, damaged(manifestFile));
  // Before the hashes: if it belongs to another training, it does not matter whether it is complete.
  const own = config === undefined ? manifest.config : (fromJson(toJson(config)) as TrainingConfig);
  checkSameConfig(where, stored.name, manifest.config, own);
  const tensors: Partial<Record<(typeof groups)[number], Tensors>> = {};
  try {
    const state = readState(manifest.state, manifest.config, damaged(manifestFile));
    checkEpochs(where, stored.name, manifest.config, own, state);
    for (const group of groups) {
      const name = fileOf(group);
      tensors[group] = readTensors(stored.files[name], manifest.files[name], damaged(name));
    }
    return {
      ...(tensors as Record<(typeof groups)[number], Tensors>),
      state,
      damaged: (group) => damaged(fileOf(group)),
    };
  } catch (error) {
    dispose(Object.values(tensors).flatMap((group) => Object.values(group)));
    throw error;
  }
}

function readManifest(where: string, stored: StoredCheckpoint, damaged: Damaged): Manifest {
  const file = stored.files[manifestFile];
  if (file === undefined) throw damaged('a file', 'none');
  let manifest: Partial<Manifest> | null;
  try {
    manifest = fromJson(new TextDecoder().decode(file)) as Partial<Manifest> | null;
  } catch (error) {
    throw damaged('JSON', `${String(file.length)} bytes that do not parse`, error);
  }
  if (manifest?.format !== format || typeof manifest.formatVersion !== 'number')
    throw damaged(`in the format ${format}`, describeValue(manifest?.format));
  if (manifest.formatVersion !== formatVersion) throw ofOtherVersion(where, stored, manifest.formatVersion);
  const { config = null, configHash, state = null, stateHash } = manifest;
  const hashes = [config, state].map((part) => hashOf(bytesOf(toJson(part))));
  if (hashes[0] === configHash && hashes[1] === stateHash && isObject(manifest.files))
    return manifest as Manifest;
  throw damaged('unchanged since it was written', 'other contents');
}

function readTensors(
  file: Uint8Array | undefined,
  known: Manifest['files'][string] | undefined,
  damaged: Damaged,
): Tensors {
  if (file === undefined || !isObject(known)) throw damaged('a file', 'none');
  if (file.length !== known.bytes)
    throw damaged(`${describeValue(known.bytes)} bytes long`, String(file.length));
  if (hashOf(file) !== known.sha256) throw damaged('unchanged since it was written', 'other bytes');
  return decodeSafetensors(file, damaged);
}

const fileOf = (group: (typeof groups)[number]): string => `${group}.safetensors`;

function ofOtherVersion(where: string, { name }: StoredCheckpoint, version: number): KdError {
  return new KdError({
    code: 'KD_CHECKPOINT_MISMATCH',
    where,
    argument: `the format of the checkpoint ${name}`,
    expected: `version ${String(formatVersion)}, the one that this version of @kd/trainer writes`,
    received: `version ${String(version)}`,
    remedy:
      'Resume with the version of @kd/trainer that wrote it, or start afresh in another directory. The model weights in it are readable as before.',
  });
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

// A library, because crypto.subtle is missing on pages without TLS.
const hashOf = (bytes: Uint8Array): string => bytesToHex(sha256(bytes));
