import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mostLikelyAfter, probabilitiesAfter } from './language-model.js';

/** A request that the server has got. */
export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Answers a request in another way than it should be. `right` is the body that it should have. */
export type Behaviour = (response: ServerResponse, right: object, request: Received) => void;

/** A server that speaks OpenAI's protocol, with the model of the tests. */
export interface TestServer {
  /** The address up to `/completions`. */
  readonly url: string;
  readonly requests: Received[];
  /** The most requests at the same time, and how many were dropped by the client. */
  readonly seen: { most: number; dropped: number };
  /** What the next requests meet, one each. */
  readonly next: Behaviour[];
  /** What every request meets, if nothing is next. */
  readonly always: Behaviour[];
  /** Milliseconds before an answer. */
  delayMs: number;
  readonly close: () => Promise<void>;
}

/** Starts a server at a free port of this machine. */
export async function completionsServer(): Promise<TestServer> {
  let active = 0;
  const listener = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    server.seen.most = Math.max(server.seen.most, ++active);
    response.on('close', () => {
      active -= 1;
      if (!response.writableEnded) server.seen.dropped += 1;
    });
    const chunks = (await request.toArray()) as Buffer[];
    const body = JSON.parse(Buffer.concat(chunks).toString()) as Received['body'];
    const received = { path: request.url ?? '', headers: request.headers, body };
    server.requests.push(received);
    const behave = server.next.shift() ?? server.always[0] ?? json;
    const right = received.path.includes('/chat/') ? chatAnswer(body) : completionAnswer(body);
    setTimeout(() => {
      behave(response, right, received);
    }, server.delayMs);
  };
  const http = createServer((request, response) => void listener(request, response));
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const server: TestServer = {
    url: `http://127.0.0.1:${String((http.address() as AddressInfo).port)}/v1`,
    requests: [],
    seen: { most: 0, dropped: 0 },
    next: [],
    always: [],
    delayMs: 0,
    close: async () => {
      http.closeAllConnections();
      http.close();
      await once(http, 'close');
    },
  };
  return server;
}

/** The right answer. */
export const json: Behaviour = (response, right) => {
  response.setHeader('content-type', 'application/json').end(JSON.stringify(right));
};

/** A status, with a body and headers. */
export const status =
  (code: number, body = 'no', headers: Readonly<Record<string, string>> = {}): Behaviour =>
  (response) => {
    response.writeHead(code, headers).end(body);
  };

/** Closes the connection. */
export const reset: Behaviour = (response) => {
  response.socket?.destroy();
};

/** Never answers. */
export const silence: Behaviour = () => undefined;

/** Closes the connection in the middle of the body. */
export const halfABody: Behaviour = (response, right) => {
  const body = JSON.stringify(right);
  response.writeHead(200, { 'content-length': String(body.length) });
  response.write(body.slice(0, body.length / 2), () => response.socket?.destroy());
};

/** Ends in the middle of the JSON, as if it were complete. */
export const halfOfTheJson: Behaviour = (response, right) => {
  const body = JSON.stringify(right);
  response.end(body.slice(0, body.length / 2));
};

/** The right answer with a change. */
export const changed =
  (change: (right: never) => unknown): Behaviour =>
  (response, right, request) => {
    json(response, change(right as never) as object, request);
  };

/** The body of an answer to `/completions`. */
export interface CompletionAnswer {
  choices: { logprobs: { tokens: string[]; top_logprobs: (Record<string, number> | null)[] } | null }[];
  usage: { prompt_tokens: number };
}

/** As vLLM answers with `echo`, `max_tokens: 1`, `logprobs` and `return_tokens_as_token_ids`. */
function completionAnswer(body: Received['body']): CompletionAnswer {
  const { prompt, logprobs: count } = body as { prompt: number[]; logprobs: number };
  const name = (token: number): string => `token_id:${String(token)}`;
  // The least likely token is drawn, which a server adds to the most likely ones.
  const drawn = mostLikelyAfter(prompt, Infinity).at(-1)?.token ?? 0;
  const tokens = [...prompt, drawn];
  const tops = tokens.map((token, position) => {
    if (position === 0) return null;
    const before = tokens.slice(0, position);
    const top = mostLikelyAfter(before, count).map(({ token: id, p }) => [name(id), Math.log(p)] as const);
    const own = [name(token), Math.log(probabilitiesAfter(before)[token] ?? 0)] as const;
    return Object.fromEntries([own, ...top]);
  });
  return {
    choices: [{ logprobs: { tokens: tokens.map(name), top_logprobs: tops } }],
    usage: { prompt_tokens: prompt.length },
  };
}

/** The body of an answer to `/chat/completions`. */
export interface ChatAnswer {
  choices: { logprobs: { content: { top_logprobs: { token: string; logprob: number }[] }[] } | null }[];
}

/** The words that the model of the tests begins an answer with, and their probabilities. */
export const words: Readonly<Record<string, number>> = { good: 0.5, Good: 0.125, bad: 0.125, The: 0.25 };

function chatAnswer(body: Received['body']): ChatAnswer {
  const { top_logprobs: count } = body as { top_logprobs: number };
  const top = Object.entries(words).map(([token, p]) => ({ token, logprob: Math.log(p) }));
  top.sort((one, other) => other.logprob - one.logprob);
  return { choices: [{ logprobs: { content: [{ top_logprobs: top.slice(0, count) }] } }] };
}

export { mostLikelyAfter, probabilitiesAfter, vocabulary } from './language-model.js';
