import { STATUS_CODES } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import type { z } from 'zod';
import { problem, problemType } from './errors.ts';
import type { Scope } from './keys.ts';

/** One route: its schemas are the validation, the types of its handler, and its page in the API description. */
export interface Route<Body extends z.ZodType, Answer extends z.ZodType> {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly summary: string;
  /** What the key must be for; `device` asks for none. */
  readonly scope: Scope | 'device';
  readonly body?: Body;
  readonly answer: Answer;
  readonly handle: (
    body: z.output<Body>,
    request: FastifyRequest,
    reply: FastifyReply,
  ) => Promise<z.input<Answer>>;
}

const statuses = [400, 401, 403, 413, 415, 429, 500, 503] as const;

export function addRoute<Body extends z.ZodType, Answer extends z.ZodType>(
  app: FastifyInstance,
  { method, url, summary, scope, body, answer, handle }: Route<Body, Answer>,
): void {
  const content = { [problemType]: { schema: problem } };
  const refusals = Object.fromEntries(
    statuses.map((status) => [status, { description: STATUS_CODES[status], content }]),
  );
  const options: RouteOptions = {
    method,
    url,
    config: { scope },
    schema: {
      summary,
      tags: [scope],
      ...(scope === 'device' && { security: [] }),
      ...(body && { body }),
      response: { 200: answer, ...refusals },
    },
    // Checked by the validator with this very schema.
    handler: (request, reply) => handle(request.body as z.output<Body>, request, reply),
  };
  app.route(options);
}
