import { KdError } from '@kd/core';

/** Counts what is sent, and throws before it is more than allowed. */
export type Spend = (tokens: number) => void;

/** The most that may be sent. */
export interface Budget {
  readonly maxRequests?: number | undefined;
  readonly maxTokens?: number | undefined;
}

/** The budget of one teacher. */
export function budgetOf(where: string, { maxRequests = Infinity, maxTokens = Infinity }: Budget): Spend {
  let [requests, tokens] = [0, 0];
  return (more) => {
    if (requests + 1 > maxRequests) throw spent(where, 'maxRequests', maxRequests, requests + 1);
    if (tokens + more > maxTokens) throw spent(where, 'maxTokens', maxTokens, tokens + more);
    requests += 1;
    tokens += more;
  };
}

function spent(where: string, option: keyof Budget, limit: number, needed: number): KdError {
  return new KdError({
    code: 'KD_BUDGET_SPENT',
    where,
    argument: `options.${option}`,
    expected: `at least ${String(needed)} for the next request`,
    received: String(limit),
    remedy:
      'Raise it. This teacher still answers what it has been asked before, so store that first if it is not stored.',
  });
}
