import { STATUS_CODES } from 'node:http';
import type {
  FastifyError,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  FastifySchemaValidationError,
} from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { ImError, type ImErrorCode, type Logger } from 'im-common';
import { z } from 'zod';
import { GatewayError } from './gateway-error.ts';

/** RFC 9457. */
export const problemType = 'application/problem+json';

/** What every answer that is none looks like. */
export const problem = z.object({
  status: z.int(),
  title: z.string().meta({ description: 'The same for every problem of this status' }),
  detail: z.string().meta({ description: 'What was wrong, and what was expected' }),
  code: z.string().meta({ description: 'docs/errors.md has cause and cure of each' }),
  retryable: z.boolean().meta({ description: 'Whether the same call may succeed later' }),
  effect: z
    .enum(['none', 'partial', 'unknown'])
    .meta({ description: 'Whether the call took effect all the same' }),
});

type Refused = Pick<z.output<typeof problem>, 'code' | 'retryable' | 'effect'> & { readonly message: string };

/** Of our own codes; all others are outages. */
const statusOf: Partial<Record<ImErrorCode, number>> = {
  INVALID_ARGUMENT: 400,
  MESSAGE_TOO_LARGE: 413,
};

const mostOfPath = 200;
const mostOfType = 100;

export interface ErrorOptions {
  readonly maxBodyBytes: number;
  readonly logger: Logger;
}

export function answerErrors(app: FastifyInstance, { maxBodyBytes, logger }: ErrorOptions): void {
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    if (hasZodFastifySchemaValidationErrors(error)) {
      const message = describe(error.validation, request.body);
      return answer(reply, 400, {
        ...{ code: 'INVALID_ARGUMENT', message, retryable: false, effect: 'none' },
      });
    }
    return answerError(reply, bodyRefusal(error, request, maxBodyBytes), () =>
      logger.error(
        { err: error, method: request.method, route: request.routeOptions.url },
        'a request failed',
      ),
    );
  });
  app.setNotFoundHandler(sayNothingThere);
}

/** What Fastify refuses, with what is expected instead. */
function bodyRefusal(error: FastifyError, request: FastifyRequest, maxBodyBytes: number): Error {
  if (error.statusCode === 413)
    return new GatewayError('BODY_REFUSED', `The body is longer than ${maxBodyBytes} bytes (maxBodyBytes).`, {
      status: 413,
    });
  if (error.statusCode !== 415) return error;
  const type = request.headers['content-type']?.slice(0, mostOfType) ?? 'missing';
  return new GatewayError('BODY_REFUSED', `The content-type is ${type}; expected application/json.`, {
    status: 415,
  });
}

/** For a path that nothing is at, or that is none at all. */
export function sayNothingThere(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const [path = ''] = request.url.split('?');
  const what = `${request.method} ${path.slice(0, mostOfPath)}`;
  return answerError(
    reply,
    new GatewayError('NOT_FOUND', `There is no ${what}. GET /openapi.json says what there is.`, {
      status: 404,
    }),
  );
}

function answerError(reply: FastifyReply, error: Error, log: () => void = () => undefined): FastifyReply {
  if (error instanceof GatewayError) {
    if (error.retryAfterS !== undefined) void reply.header('retry-after', String(error.retryAfterS));
    return answer(reply, error.status, error);
  }
  if (error instanceof ImError) {
    const status = statusOf[error.code] ?? 503;
    if (status === 503) void reply.header('retry-after', '1');
    return answer(reply, status, error);
  }
  // Fastify's own: a body that is not as long as it says.
  const { statusCode = 500 } = error as FastifyError;
  if (statusCode < 500) {
    const { message } = error;
    return answer(reply, statusCode, { code: 'BODY_REFUSED', message, retryable: false, effect: 'none' });
  }
  log();
  const message = 'The gateway failed at this request. Its log says why.';
  return answer(reply, 500, { code: 'INTERNAL', message, retryable: false, effect: 'unknown' });
}

function answer(
  reply: FastifyReply,
  status: number,
  { code, message, retryable, effect }: Refused,
): FastifyReply {
  const title = STATUS_CODES[status] ?? 'Error';
  const body: z.output<typeof problem> = { status, title, detail: message, code, retryable, effect };
  return reply
    .code(status)
    .type(`${problemType}; charset=utf-8`)
    .serializer((payload: unknown) => JSON.stringify(payload))
    .send(body);
}

type Issue = Pick<FastifySchemaValidationError, 'instancePath' | 'keyword' | 'message' | 'params'>;

/** `body.recvId: expected …`, of the first thing that is wrong. */
function describe([issue]: readonly Partial<Issue>[], body: unknown): string {
  const { instancePath = '', keyword, message = 'it is wrong', params = {} } = issue ?? {};
  const path = instancePath.split('/').filter((member) => member !== '');
  const name = ['body', ...path].join('.');
  const cure = 'GET /openapi.json describes what there is';
  if (at(body, path) === undefined) return `${name} is missing; ${cure}.`;
  if (keyword === 'unrecognized_keys')
    return `${name} has unknown members: ${JSON.stringify(params['keys'])}; ${cure}.`;
  return `${name}: ${message}.`;
}

function at(body: unknown, path: readonly string[]): unknown {
  let found: unknown = body ?? undefined;
  for (const member of path) found = (found as Record<string, unknown> | null | undefined)?.[member];
  return found;
}
