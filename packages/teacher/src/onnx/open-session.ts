import { describeValue, KdError } from '@kd/core';
import { fingerprintOfBytes } from '../fingerprint.js';
import type { OnnxRuntime, OnnxSession } from './runtime.js';

/** A session, the fingerprint of its model, and whether it was opened here. */
export interface OpenSession {
  readonly session: OnnxSession;
  readonly fingerprint: string;
  readonly isOwn: boolean;
}

/**
 * Opens a session for a model's path, URL or bytes; an open session needs a `fingerprint`, because it hides
 * its weights.
 */
export async function openSession(
  where: string,
  runtime: OnnxRuntime,
  model: OnnxSession | Uint8Array | string,
  { fingerprint, sessionOptions }: { readonly fingerprint?: string; readonly sessionOptions?: object },
): Promise<OpenSession> {
  if (typeof model !== 'string' && !(model instanceof Uint8Array)) {
    checkSession(where, model);
    if (sessionOptions !== undefined)
      throw optionOfOpenSession(where, 'sessionOptions', 'omitted', sessionOptions);
    if (fingerprint === undefined) throw optionOfOpenSession(where, 'fingerprint', 'a text', fingerprint);
    return { session: model, fingerprint, isOwn: false };
  }
  try {
    const bytes = typeof model === 'string' ? await bytesAt(model) : model;
    // Opened from bytes even if there is a path: the fingerprint would not cover weights in separate files,
    // so they are an error.
    const session = await runtime.InferenceSession.create(bytes, sessionOptions as never);
    return { session, fingerprint: fingerprint ?? fingerprintOfBytes(bytes), isOwn: true };
  } catch (cause) {
    throw new KdError({
      code: 'KD_FILE_READ',
      where,
      argument: 'model',
      expected: 'an ONNX model that onnxruntime opens',
      received: `${typeof model === 'string' ? describeValue(model) : `${String(model.length)} bytes`}, and the error "${cause instanceof Error ? cause.message : String(cause)}"`,
      remedy:
        'If the model keeps weights in separate files, open the session yourself and state its fingerprint.',
      cause,
    });
  }
}

function checkSession(where: string, session: unknown): void {
  const { run, inputNames, outputNames }: { run?: unknown; inputNames?: unknown; outputNames?: unknown } =
    Object(session) as object;
  if (typeof run === 'function' && Array.isArray(inputNames) && Array.isArray(outputNames)) return;
  throw new KdError({
    code: 'KD_MODEL_UNSUPPORTED',
    where,
    argument: 'model',
    expected: 'an InferenceSession, or the bytes, path or URL of a model',
    received: describeValue(session),
    remedy: 'Pass the awaited result of InferenceSession.create.',
  });
}

function optionOfOpenSession(where: string, option: string, expected: string, received: unknown): KdError {
  return new KdError({
    code: 'KD_OPTION_TYPE',
    where,
    argument: `options.${option}`,
    expected: `${expected}, because the session is already open`,
    received: describeValue(received),
    remedy:
      'Name the version of the model, or pass its path or bytes: an open session hides its weights and options.',
  });
}

interface FileReader {
  readFile(path: string): Promise<Uint8Array>;
}

/** The bytes of a file (under Node) or of a URL. */
async function bytesAt(path: string): Promise<Uint8Array> {
  // Requested from the process instead of imported, because this entry is for browsers too.
  const { process } = globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } };
  const files = process?.getBuiltinModule?.('node:fs/promises') as FileReader | undefined;
  if (files !== undefined && !/^https?:/.test(path)) return files.readFile(path);
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${String(response.status)} ${response.statusText}`);
  return new Uint8Array(await response.arrayBuffer());
}
