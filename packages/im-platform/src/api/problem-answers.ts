import { STATUS_CODES } from 'node:http';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { Refusal } from '../http/refusal.ts';
import { isTextKey, say } from '../http/texts.ts';
import { isKeysAway, keysAway } from '../http/keys-away.ts';
import { outageRefusal } from '../http/outage-refusal.ts';
import { isOutage } from '../outage.ts';
import { apiLanguageOf, nameLanguage } from './api-language.ts';
import { codeOfText, kindOf, type ProblemCode } from './problems.ts';

/** RFC 9457. */
export const problemType = 'application/problem+json';

/** What every answer of `/v1` looks like that is none of what was asked for. */
export const problem = z
  .object({
    title: z.string().meta({ description: 'The same for every problem of this status' }),
    status: z.int(),
    code: z.string().meta({ description: 'Of which kind it is, for programs; docs/errors.md has them all' }),
    detail: z
      .string()
      .meta({ description: 'What was wrong, for the user, in the language that they accept' }),
    cure: z.string().meta({ description: 'What can be done about it, for whoever wrote the program' }),
    retryable: z.boolean().meta({ description: 'Whether the same request may succeed later' }),
    errors: z
      .array(z.object({ where: z.string(), problem: z.string() }))
      .optional()
      .meta({ description: 'What was wrong with which value' }),
    ticket: z
      .string()
      .optional()
      .meta({ description: 'Of `SECOND_FACTOR_NEEDED`: what is sent together with the code' }),
  })
  .meta({ id: 'Problem' });

type Problem = z.output<typeof problem>;

interface Found {
  readonly code: ProblemCode;
  readonly detail: string;
  readonly status?: number;
  readonly errors?: Problem['errors'];
  readonly retryAfterS?: number | undefined;
  readonly ticket?: string | undefined;
}

const mostErrors = 10;
const mostOfPath = 200;

/** The error handler of every route of `/v1`. */
export function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return answer(request, reply, found(error, request));
}

/** For a path under `/v1` that nothing is at. */
export function answerNothingThere(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const [path = ''] = request.url.split('?');
  const what = `${request.method} ${path.slice(0, mostOfPath)}`;
  return answer(
    request,
    reply,
    ofRefusal(new Refusal('nothingThere', { code: 404, values: { what } }), request),
  );
}

function found(error: FastifyError | Refusal, request: FastifyRequest): Found {
  if (error instanceof Refusal) return ofRefusal(error, request);
  if (hasZodFastifySchemaValidationErrors(error)) return ofIssues(error, request);
  if (isKeysAway(error)) {
    request.log.warn({ err: error }, 'the provider of keys is away');
    return ofRefusal(keysAway(), request);
  }
  if (isOutage(error)) {
    request.log.warn({ err: error }, 'the database, the bus or the store of files is away');
    return ofRefusal(outageRefusal(error), request);
  }
  const { statusCode = 500 } = error;
  if (statusCode === 429) return ofRefusal(new Refusal('tooManyRequests', { code: 429 }), request);
  // Fastify's own: a body that is too large, not JSON, of another type.
  if (statusCode < 500) return { code: 'BODY_REFUSED', status: statusCode, detail: error.message };
  request.log.error({ err: error }, 'a request failed');
  return ofRefusal(new Refusal('systemBusy'), request);
}

function ofRefusal(refusal: Refusal, request: FastifyRequest): Found {
  const { key, values, retryAfterS, ticket } = refusal;
  request.refusal = refusal;
  return { code: codeOfText(key), detail: say(key, apiLanguageOf(request), values), retryAfterS, ticket };
}

interface Issues {
  readonly validation: readonly { readonly instancePath: string; readonly message?: string }[];
  readonly validationContext?: string;
}

const places: Readonly<Record<string, string>> = { querystring: 'query', params: 'path', headers: 'header' };

function ofIssues({ validation, validationContext = 'body' }: Issues, request: FastifyRequest): Found {
  const language = apiLanguageOf(request);
  const place = places[validationContext] ?? validationContext;
  const errors = validation.slice(0, mostErrors).map(({ instancePath, message = 'it is wrong' }) => ({
    where: (place + instancePath.replaceAll('/', '.')).replace(/\.$/, ''),
    problem: isTextKey(message) ? say(message, language) : message,
  }));
  const [first = { where: place, problem: '' }] = errors;
  request.refusal = new Refusal('malformed');
  return { code: 'INVALID_ARGUMENT', detail: `${first.where}: ${first.problem}`, errors };
}

function answer(request: FastifyRequest, reply: FastifyReply, problem: Found): FastifyReply {
  const { code, detail, errors, retryAfterS, ticket } = problem;
  const { cure, retryable = false, ...kind } = kindOf(code);
  const { status = kind.status } = problem;
  if (retryAfterS !== undefined) void reply.header('retry-after', String(retryAfterS));
  if (status === 401) void reply.header('www-authenticate', 'Bearer');
  const body: Problem = {
    ...{ title: STATUS_CODES[status] ?? 'Error', status, code, detail, cure, retryable },
    ...(errors && { errors }),
    ...(ticket !== undefined && { ticket }),
  };
  nameLanguage(request, reply);
  return reply
    .code(status)
    .type(`${problemType}; charset=utf-8`)
    .serializer((payload: unknown) => JSON.stringify(payload))
    .send(body);
}
