import type { Computation, Computed, StepFunction, StepFunctions, Trace } from './step-functions.js';
import { areLive, signatureOf } from './step-signature.js';

/** What a computation depends on. */
export interface Description extends Omit<Computation, 'body'> {
  /** Names whatever it depends on besides its inputs and its state, such as which layers are frozen. */
  readonly key: string;
}

/** Runs a computation again and again, as one call of the backend where that is possible. */
export interface StepRunner {
  /**
   * Runs a computation, described only where it can be written down. Runs with equal keys and with inputs of
   * equal shapes must do the same.
   */
  run<Layout>(body: () => Computed<Layout>, describe: () => Description): Computed<Layout>;
  /**
   * True once runs are calls, the reason if they cannot be; undefined while it is open, or without step
   * functions.
   */
  outcome(): true | string | undefined;
  dispose(): void;
}

/** What is known of runs of one signature. */
interface Known {
  trace?: Trace;
  call?: StepFunction;
  layout?: unknown;
  refusal?: string;
  differences: number;
  /** Runs since the last difference that did the same as the one before. */
  repeats: number;
}

// A computation whose first runs differ, because they move weights between backends say, may settle.
const mostDifferences = 2;
// Of streams whose batches all have other shapes, only the most recent ones are kept.
const mostSignatures = 32;

/**
 * Runs computations eagerly until two runs of a signature have done the same with different inputs, then as
 * one call.
 *
 * The first runs are written down while they run, so that nothing is computed twice, and a call has the bits
 * of what it was written from. Where a call fails, the computation runs eagerly, for its errors.
 *
 * @param offered what the current backend offers, `stepFunctions`; without, everything runs eagerly
 */
export function stepRunner(offered: () => StepFunctions | undefined): StepRunner {
  const all = new Map<string, Known>();
  let current: StepFunctions | undefined;
  let outcome: true | string | undefined;
  const forget = ({ trace, call }: Known): void => {
    trace?.dispose();
    call?.dispose();
  };
  const disposeAll = (): void => {
    for (const known of all.values()) forget(known);
    all.clear();
  };
  const refuse = (known: Known, refusal: string): void => {
    forget(known);
    delete known.trace;
    delete known.call;
    known.refusal = outcome = refusal;
  };
  const knownOf = (signature: string): Known => {
    const known = all.get(signature) ?? { differences: 0, repeats: 0 };
    all.delete(signature);
    all.set(signature, known);
    const [[oldest, least]] = all as unknown as [[string, Known]];
    if (all.size > mostSignatures) {
      forget(least);
      all.delete(oldest);
    }
    return known;
  };
  const traced = <Layout>(
    known: Known,
    by: StepFunctions,
    computation: Computation<Layout>,
  ): Computed<Layout> => {
    const trace = by.trace(computation);
    const { trace: earlier } = known;
    known.trace = trace;
    known.layout = trace.computed.layout;
    if (trace.refusal !== undefined) refuse(known, trace.refusal);
    else if (earlier !== undefined) {
      const isSameLayout = JSON.stringify(trace.computed.layout) === JSON.stringify(earlier.computed.layout);
      const difference =
        trace.differenceFrom(earlier) ??
        (isSameLayout ? undefined : 'what it returns changes from step to step');
      if (difference !== undefined) {
        known.repeats = 0;
        if (++known.differences > mostDifferences) refuse(known, difference);
        // What takes turns may do the same twice.
      } else if (++known.repeats > known.differences) compile(known, trace);
      outcome ??= difference;
    }
    earlier?.dispose();
    return trace.computed;
  };
  const compile = (known: Known, trace: Trace): void => {
    try {
      known.call = trace.compile();
      delete known.trace;
      outcome = true;
    } catch (error) {
      refuse(known, `the backend refuses it: ${asError(error).message}`);
    }
  };
  const called = <Layout>(
    known: Known,
    call: StepFunction,
    { inputs, body }: Computation<Layout>,
  ): Computed<Layout> => {
    let failure: Error | undefined;
    try {
      const tensors = call.run(inputs);
      if (tensors !== undefined) return { tensors, layout: known.layout as Layout };
    } catch (error) {
      if (call.changesState) throw error;
      failure = asError(error);
    }
    const computed = body();
    if (failure !== undefined) refuse(known, `its call fails: ${failure.message}`);
    return computed;
  };
  return {
    run: (body, describe) => {
      const functions = offered();
      // A call belongs to the backend that it was written on.
      if (functions !== current) disposeAll();
      current = functions;
      if (functions === undefined) return body();
      const { key, ...described } = describe();
      const computation = { ...described, body };
      // What is wrong with an input is for the computation to say.
      if (!areLive(computation.inputs)) return body();
      const known = knownOf(signatureOf(key, computation));
      if (known.call !== undefined) return called(known, known.call, computation);
      return known.refusal === undefined ? traced(known, functions, computation) : computation.body();
    },
    outcome: () => outcome,
    dispose: disposeAll,
  };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
