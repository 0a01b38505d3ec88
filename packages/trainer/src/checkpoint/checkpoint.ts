import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { dispose } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { KdError } from '@kd/core';
import { checkSameConfig } from './config.js';
import type { TrainingConfig } from './config.js';
import { fromJson, toJson } from './json.js';
import { decodeSafetensors, encodeSafetensors } from './safetensors.js';
import type { TrainingState } from './state.js';
import type { CheckpointStore, StoredCheckpoint } from './store.js';

type Tensors = Readonly<Record<string, Tensor>>;

/** Everything that a training needs in order to resume. */
export interface Checkpoint {
  readonly state: TrainingState;
  /** Weights of the student, by name. */
  readonly student: Tensors;
  /** Of the modules of the current stage. */
  readonly modules: Tensors;
  readonly optimizer: Tensors;
  /** Weights of the student in the best epoch of the current stage. */
  readonly best: Tensors;
}

const groups = ['student', 'modules', 'optimizer', 'best'] as const;
const format = 'kd-checkpoint';
// 2: an unfinished epoch also stores, for each term, the denominator of its loss.
const formatVersion = 2;
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
  for (const group of groups) files[`${group}.safetensors`] = await encodeSafetensors(tensors[group]);
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
): Promise<Checkpoint | undefined> {
  const stored = await store.load();
  if (stored === undefined) return undefined;
  const manifest = readManifest(where, stored);
  // Before the hashes: if it belongs to another training, it does not matter whether it is complete.
  const own = config === undefined ? manifest.config : (fromJson(toJson(config)) as TrainingConfig);
  checkSameConfig(where, stored.name, manifest.config, own);
  const tensors: Partial<Record<(typeof groups)[number], Tensors>> = {};
  try {
    for (const group of groups) tensors[group] = readTensors(where, stored, manifest, `${group}.safetensors`);
  } catch (error) {
    dispose(Object.values(tensors).flatMap((group) => Object.values(group)));
    throw error;
  }
  return { state: manifest.state, ...(tensors as Record<(typeof groups)[number], Tensors>) };
}

function readManifest(where: string, stored: StoredCheckpoint): Manifest {
  const file = stored.files[manifestFile];
  if (file === undefined) throw damaged(where, stored, manifestFile, 'a file', 'none');
  let manifest: Partial<Manifest> | null;
  try {
    manifest = fromJson(new TextDecoder().decode(file)) as Partial<Manifest> | null;
  } catch (error) {
    throw damaged(
      where,
      stored,
      manifestFile,
      'JSON',
      `${String(file.length)} bytes that do not parse`,
      error,
    );
  }
  if (manifest?.format !== format || typeof manifest.formatVersion !== 'number')
    throw damaged(where, stored, manifestFile, `in the format ${format}`, String(manifest?.format));
  if (manifest.formatVersion !== formatVersion) throw ofOtherVersion(where, stored, manifest.formatVersion);
  const { config = null, configHash, state = null, stateHash } = manifest;
  const hashes = [config, state].map((part) => hashOf(bytesOf(toJson(part))));
  if (hashes[0] === configHash && hashes[1] === stateHash && isObject(manifest.files))
    return manifest as Manifest;
  throw damaged(where, stored, manifestFile, 'unchanged since it was written', 'other contents');
}

function readTensors(where: string, stored: StoredCheckpoint, manifest: Manifest, name: string): Tensors {
  const [file, known] = [stored.files[name], manifest.files[name]];
  if (file === undefined || known === undefined) throw damaged(where, stored, name, 'a file', 'none');
  if (file.length !== known.bytes) {
    throw damaged(where, stored, name, `${String(known.bytes)} bytes long`, String(file.length));
  }
  if (hashOf(file) !== known.sha256)
    throw damaged(where, stored, name, 'unchanged since it was written', 'other bytes');
  return decodeSafetensors(file);
}

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

function damaged(
  where: string,
  { name }: StoredCheckpoint,
  file: string,
  expected: string,
  received: string,
  cause?: unknown,
): KdError {
  return new KdError({
    code: 'KD_CHECKPOINT_DAMAGED',
    where,
    argument: `${file} of the checkpoint ${name}`,
    expected,
    received,
    remedy: `Delete ${name}; the previous checkpoint, if there is one, is used then.`,
    cause,
  });
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

// A library, because crypto.subtle is missing on pages without TLS.
const hashOf = (bytes: Uint8Array): string => bytesToHex(sha256(bytes));
