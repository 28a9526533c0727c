import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import Fastify, { LogController, type FastifyInstance } from 'fastify';
import { jsonSchemaTransform, serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { limitHandlers } from './http/deadline.ts';
import { answerErrors } from './http/errors.ts';
import { identifyCallers } from './http/identify.ts';
import { guardRepeats } from './http/repeat-guard.ts';
import { toFastifyLogger } from './http/request-logger.ts';
import { readRawBodies } from './http/raw-body.ts';
import type { ResolvedOptions } from './options.ts';
import type { Sessions } from './sessions/sessions.ts';

/** Larger than the longest text and its JSON; uploads have limits of their own. */
const mostBodyBytes = 256 * 1024;

/** An HTTP server that speaks box-im's envelope, and has no routes yet. */
export async function createApp(options: ResolvedOptions, sessions: Sessions): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: toFastifyLogger(options.logger),
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: options.trustProxy,
    bodyLimit: mostBodyBytes,
    // Open keep-alive connections do not hold up the end.
    forceCloseConnections: true,
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  answerErrors(app);
  limitHandlers(app, options.requestTimeoutMs);
  readRawBodies(app);
  await app.register(cors, {
    // The exact origin, never *, because the page sends credentials (contract 0.1.4).
    origin: [...options.allowedOrigins],
    credentials: true,
    methods: ['GET', 'POST', 'PUT', 'DELETE'],
    allowedHeaders: ['accessToken', 'refreshToken', 'content-type'],
    maxAge: 3_600,
  });
  await app.register(helmet, {
    contentSecurityPolicy: false,
    crossOriginResourcePolicy: { policy: 'cross-origin' },
  });
  await app.register(swagger, {
    openapi: {
      info: { title: 'im-platform', version: '1' },
      components: { securitySchemes: { accessToken: { type: 'apiKey', in: 'header', name: 'accessToken' } } },
      security: [{ accessToken: [] }],
    },
    transform: jsonSchemaTransform,
  });
  await app.register(swaggerUi, { routePrefix: '/docs' });
  identifyCallers(app, sessions, options.requestTimeoutMs);
  guardRepeats(app);
  return app;
}
