/** One small call of an export that succeeds. */
export interface ValidCall<Args extends readonly unknown[] = readonly unknown[], Result = unknown> {
  /** Fresh arguments, with every option, because a run replaces each of them. */
  readonly args: () => Args | Promise<Args>;
  /** The positions of the arguments that are checked, if not all: README of @kd/core, "What is checked". */
  readonly checked?: readonly number[];
  /** What a caller does with the result, for what is only checked then. */
  readonly use?: (result: Awaited<Result>) => unknown;
  /** Passes on what others throw, as its README says. */
  readonly mayThrow?: boolean;
  /** Runs in the `tidy` of its caller, so it may leave tensors. */
  readonly inTidy?: boolean;
  /** Writes into an argument. */
  readonly writes?: boolean;
}

/** An export that no call can be written for. */
export interface NotCalled {
  readonly notCalled: string;
}

type Callable = ((...args: never) => unknown) | (new (...args: never) => unknown);
type ArgsOf<F> = F extends (...args: infer Args) => unknown
  ? Args
  : F extends new (...args: infer Args) => unknown
    ? Args
    : never;
type ResultOf<F> = F extends (...args: never) => infer Result
  ? Result
  : F extends new (...args: never) => infer Result
    ? Result
    : never;

/** A valid call for each function and class of a module, so that a missing one does not compile. */
export type ValidCallsOf<M> = {
  readonly [K in keyof M as M[K] extends Callable ? K : never]:
    ValidCall<ArgsOf<M[K]>, ResultOf<M[K]>> | (() => ArgsOf<M[K]> | Promise<ArgsOf<M[K]>>) | NotCalled;
};

/** The same for any module. */
export type ValidCalls = Readonly<
  Record<string, ValidCall<readonly unknown[], never> | (() => unknown) | NotCalled>
>;
