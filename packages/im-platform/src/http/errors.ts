import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { isOutage } from '../outage.ts';
import { Refusal, type RefusalCode } from './refusal.ts';
import { isTextKey, languageOf, say, type TextKey } from './texts.ts';

/** Rule 5 of the contract: the answer is always HTTP 200, and `code` is the verdict. Only an outage is an HTTP 503 too. */
export function answerErrors(app: FastifyInstance): void {
  app.decorateRequest('refusal');
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    if (error instanceof Refusal) return refuse(request, reply, error);
    if (hasZodFastifySchemaValidationErrors(error)) {
      const told = error.validation.map(({ message }) => message ?? '').find(isTextKey);
      return refuse(request, reply, new Refusal(told ?? 'systemBusy'));
    }
    if (isOutage(error)) {
      request.log.warn({ err: error }, 'the database or the bus is away');
      return refuse(request, reply, new Refusal('unavailable', { code: 503 }));
    }
    // What the client did wrong is no news; what we did is.
    if (error.statusCode === 429)
      return refuse(request, reply, new Refusal('tooManyRequests', { code: 429 }));
    if (error.statusCode === undefined || error.statusCode >= 500)
      request.log.error({ err: error }, 'a request failed');
    return refuse(request, reply, new Refusal('systemBusy'));
  });
  app.setNotFoundHandler((request, reply) => refuse(request, reply, new Refusal('systemBusy')));
}

function refuse(request: FastifyRequest, reply: FastifyReply, refusal: Refusal): FastifyReply {
  const { code, key, values, retryAfterS } = refusal;
  request.refusal = refusal;
  const status: Partial<Record<RefusalCode, number>> = { 503: 503 };
  if (retryAfterS !== undefined) void reply.header('retry-after', String(retryAfterS));
  return reply
    .code(status[code] ?? 200)
    .type('application/json; charset=utf-8')
    .serializer((payload: unknown) => JSON.stringify(payload))
    .send({ code, message: textFor(request, key, values), data: null });
}

declare module 'fastify' {
  interface FastifyRequest {
    /** What it was answered with, unless it was done. */
    refusal?: Refusal;
  }
}

function textFor(request: FastifyRequest, key: TextKey, values: Readonly<Record<string, string>>): string {
  return say(key, languageOf(request.headers['accept-language']), values);
}
