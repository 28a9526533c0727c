import { STATUS_CODES } from 'node:http';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
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

export function answerErrors(app: FastifyInstance, logger: Logger): void {
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    if (hasZodFastifySchemaValidationErrors(error)) {
      const message = describe(error.validation, error.validationContext ?? 'body');
      return answer(reply, 400, {
        ...{ code: 'INVALID_ARGUMENT', message, retryable: false, effect: 'none' },
      });
    }
    return answerError(reply, error, () =>
      logger.error(
        { err: error, method: request.method, route: request.routeOptions.url },
        'a request failed',
      ),
    );
  });
  app.setNotFoundHandler(sayNothingThere);
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
  // Fastify's own: a body that is too large, not JSON, of another type.
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

/** `body.recvId: expected …`, of the first thing that is wrong. */
function describe(
  issues: readonly { readonly instancePath: string; readonly message?: string }[],
  where: string,
): string {
  const { instancePath = '', message = 'it is wrong' } = issues[0] ?? {};
  return `${where}${instancePath.replaceAll('/', '.')}: ${message}.`;
}
