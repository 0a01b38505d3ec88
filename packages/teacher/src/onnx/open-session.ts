import { describeValue, KdError } from '@kd/core';
import { fingerprintOfBytes } from '../fingerprint.js';
import type { OnnxRuntime, OnnxSession } from './runtime.js';

/** A session, what identifies its model, and whether it was opened here. */
export interface OpenSession {
  readonly session: OnnxSession;
  readonly fingerprint: string;
  readonly isOwn: boolean;
}

/** Opens a session on a model of that path, address or bytes; one that is open already needs a `fingerprint`, as it does not show its weights. */
export async function openSession(
  where: string,
  runtime: OnnxRuntime,
  model: OnnxSession | Uint8Array | string,
  { fingerprint, sessionOptions }: { readonly fingerprint?: string; readonly sessionOptions?: object },
): Promise<OpenSession> {
  if (typeof model !== 'string' && !(model instanceof Uint8Array)) {
    checkSession(where, model);
    if (sessionOptions !== undefined)
      throw optionOfOpenSession(where, 'sessionOptions', 'left out', sessionOptions);
    if (fingerprint === undefined) throw optionOfOpenSession(where, 'fingerprint', 'a text', fingerprint);
    return { session: model, fingerprint, isOwn: false };
  }
  try {
    const bytes = typeof model === 'string' ? await bytesAt(model) : model;
    // From bytes also where there is a path: weights in files beside it would be outside of the fingerprint, and are an error here.
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
        'A model with weights in files beside it: open the session yourself, and state its fingerprint.',
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
    expected: 'an InferenceSession, the bytes of a model, its path or its address',
    received: describeValue(session),
    remedy: 'Pass what InferenceSession.create gives, after its promise is fulfilled.',
  });
}

function optionOfOpenSession(where: string, option: string, expected: string, received: unknown): KdError {
  return new KdError({
    code: 'KD_OPTION_TYPE',
    where,
    argument: `options.${option}`,
    expected: `${expected}, with a session that is open already`,
    received: describeValue(received),
    remedy:
      'Such a session shows neither its weights nor its options: name the version of the model, or pass path or bytes.',
  });
}

interface FileReader {
  readFile(path: string): Promise<Uint8Array>;
}

/** The bytes of a file under Node, and of an address anywhere. */
async function bytesAt(path: string): Promise<Uint8Array> {
  // Asked of the process and not imported: this entry is for browsers too.
  const { process } = globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } };
  const files = process?.getBuiltinModule?.('node:fs/promises') as FileReader | undefined;
  if (files !== undefined && !/^https?:/.test(path)) return files.readFile(path);
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${String(response.status)} ${response.statusText}`);
  return new Uint8Array(await response.arrayBuffer());
}
