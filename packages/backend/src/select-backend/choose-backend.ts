import { getBackend, setBackend } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { KdError, describeValue, optionsOf, unchecked, whole } from '@kd/core';
import { checkBackendName } from './backend-name.js';
import type { BackendName } from './backend-name.js';
import { orderedCandidates } from './candidate.js';
import type { Candidate } from './candidate.js';
import { notInstalled, tryCandidate } from './try-candidate.js';
import type { SkippedBackend } from './try-candidate.js';
import { unavailable } from './unavailable.js';

/** Options of `selectBackend`. */
export interface SelectBackendOptions {
  /** Backends to try before the others, in this order. Default: none. */
  readonly prefer?: readonly BackendName[];
  /** The only backend to try; cannot be combined with `prefer`. Default: whichever works. */
  readonly require?: BackendName;
  /** A built model. Backends that lack a kernel for training it are skipped. Default: none. */
  readonly model?: LayersModel;
  /**
   * The number of threads of tfjs-node and wasm under Node, from 1; for wasm, more than 8 count as 8.
   * Default: the number of processors.
   */
  readonly threads?: number;
}

/** The current backend after `selectBackend`. */
export interface SelectedBackend {
  /** Its tfjs name. */
  readonly name: BackendName;
  /** The package that provides it. */
  readonly package: string;
  /** The device it computes on, in words. */
  readonly device: string;
  /** The packages tried before it, in order. */
  readonly skipped: readonly SkippedBackend[];
}

// Valid values depend on the candidates of this platform.
const selectOptions = optionsOf<SelectBackendOptions>()({
  prefer: unchecked<readonly BackendName[]>('a list of backends').optional(),
  require: unchecked<BackendName>('a backend').optional(),
  model: unchecked<LayersModel>('a built tfjs-layers model').optional(),
  threads: whole(1).optional(),
});

/**
 * Makes the first working candidate the current backend; `threaded` says whether their threads can be chosen.
 */
export async function chooseBackend(
  candidates: readonly Candidate[],
  options: SelectBackendOptions,
  threaded: boolean,
): Promise<SelectedBackend> {
  const where = 'selectBackend';
  const known = [...new Set(candidates.map(({ name }) => name))];
  checkSelectBackendOptions(where, options, { known, threaded });
  const { prefer = [], require, model, threads } = options;
  const before = getBackend() as string | undefined;
  const skipped: SkippedBackend[] = [];
  for (const candidate of orderedCandidates(candidates, prefer, require)) {
    const { name, package: from } = candidate;
    if (skipped.some((other) => other.package === from && other.reason === notInstalled)) continue;
    const outcome = await tryCandidate(candidate, { threads, required: require !== undefined }, model);
    if ('device' in outcome) return { name, package: from, device: outcome.device, skipped };
    skipped.push({ package: from, reason: outcome.reason });
  }
  if (before !== undefined && before !== getBackend()) await setBackend(before);
  throw unavailable(where, require, skipped);
}

function checkSelectBackendOptions(
  where: string,
  options: SelectBackendOptions,
  { known, threaded }: { known: readonly BackendName[]; threaded: boolean },
): void {
  const read = threaded
    ? selectOptions.read(where, options)
    : selectOptions.without('threads').read(where, options);
  const { prefer, require, model } = read;
  if (model !== undefined) checkBuilt(where, model);
  if (require !== undefined) checkBackendName(where, 'options.require', require, known);
  if (prefer === undefined) return;
  if (!Array.isArray(prefer) || require !== undefined) {
    throw new KdError({
      code: 'KD_OPTION_TYPE',
      where,
      argument: 'options.prefer',
      expected: 'a list of backends, and absent if options.require is given',
      received: require === undefined ? describeValue(prefer) : `both, options.require being "${require}"`,
      remedy: 'Use options.prefer if other backends are acceptable, otherwise options.require.',
    });
  }
  prefer.forEach((name, index) => {
    checkBackendName(where, `options.prefer[${String(index)}]`, name, known);
  });
}

// Checks members, because `instanceof` fails across two copies of tfjs-layers.
function checkBuilt(where: string, model: unknown): void {
  const { layers, inputs, outputs } = (model ?? {}) as Partial<LayersModel>;
  if ([layers, inputs, outputs].every((list) => Array.isArray(list) && list.length > 0)) return;
  throw new KdError({
    code: 'KD_MODEL_UNSUPPORTED',
    where,
    argument: 'options.model',
    expected: 'a built tfjs-layers model',
    received: describeValue(model),
    remedy: 'Give the first layer an inputShape, so that the model is built.',
  });
}
