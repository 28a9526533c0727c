import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { isKeysAway, keysAway } from './keys-away.ts';
import { isOutage } from '../outage.ts';
import { outageRefusal } from './outage-refusal.ts';
import { languageFor } from './language.ts';
import { Refusal, type RefusalCode } from './refusal.ts';
import { isTextKey, say, type TextKey } from './texts.ts';

/** Rule 5 of the contract: the answer is always HTTP 200, and `code` is the verdict. Only an outage is an HTTP 503 too, and a path that is none a 404. */
export function answerErrors(
  app: FastifyInstance,
  nothingThere: (request: FastifyRequest, reply: FastifyReply) => FastifyReply,
): void {
  app.decorateRequest('refusal');
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    if (error instanceof Refusal) return refuse(request, reply, error);
    if (hasZodFastifySchemaValidationErrors(error)) return refuse(request, reply, ofIssues(error.validation));
    if (isKeysAway(error)) {
      request.log.warn({ err: error }, 'the provider of keys is away');
      return refuse(request, reply, keysAway());
    }
    if (isOutage(error)) {
      request.log.warn({ err: error }, 'the database, the bus or the store of files is away');
      return refuse(request, reply, outageRefusal(error));
    }
    // What the client did wrong is no news; what we did is.
    if (error.statusCode === 429)
      return refuse(request, reply, new Refusal('tooManyRequests', { code: 429 }));
    if (error.statusCode !== undefined && error.statusCode < 500)
      return refuse(request, reply, new Refusal('malformed', { values: { what: error.message } }));
    request.log.error({ err: error }, 'a request failed');
    return refuse(request, reply, new Refusal('systemBusy'));
  });
  app.setNotFoundHandler(nothingThere);
}

const mostOfPath = 200;

/** For a path that nothing is at, or that is none at all. */
export function sayNothingThere(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const [path = ''] = request.url.split('?');
  const what = `${request.method} ${path.slice(0, mostOfPath)}`;
  return refuse(request, reply, new Refusal('nothingThere', { code: 404, values: { what } }));
}

/** In the words that a rule has for it, else in those of the check, with the name of what is wrong. */
function ofIssues(issues: readonly { readonly instancePath: string; readonly message?: string }[]): Refusal {
  const told = issues.map(({ message }) => message ?? '').find(isTextKey);
  if (told !== undefined) return new Refusal(told);
  const { instancePath = '', message = '' } = issues[0] ?? {};
  const name = instancePath.slice(1).replaceAll('/', '.');
  const what = [name, message].filter((part) => part !== '').join(': ');
  return new Refusal('malformed', { values: { what } });
}

function refuse(request: FastifyRequest, reply: FastifyReply, refusal: Refusal): FastifyReply {
  const { code, key, values, retryAfterS } = refusal;
  request.refusal = refusal;
  const status: Partial<Record<RefusalCode, number>> = { 404: 404, 503: 503 };
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
  return say(key, languageFor(request), values);
}
