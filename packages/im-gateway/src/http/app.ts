import swagger from '@fastify/swagger';
import Fastify, { type FastifyInstance } from 'fastify';
import { jsonSchemaTransform, serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import type { Logger } from 'im-common';
import { proxyTrust, type TrustProxy } from 'im-common/internal/network';
import { readBodies } from './body.ts';
import { admitCallers, type CallerLimits } from './callers.ts';
import { answerErrors, sayNothingThere } from './errors.ts';
import type { Keys } from './keys.ts';

export interface AppOptions extends CallerLimits {
  readonly trustProxy: TrustProxy;
  readonly maxBodyBytes: number;
  readonly requestTimeoutMs: number;
  readonly logger: Logger;
}

export interface AppDeps {
  readonly keys: Keys;
  /** Aborts when the gateway is about to end. */
  readonly closing: AbortSignal;
}

/** How often Node looks for requests that take too long. */
const lookMs = 2_000;

/** An HTTP server without routes but `/openapi.json`, which describes those that are added. */
export async function createApp(options: AppOptions, { keys, closing }: AppDeps): Promise<FastifyInstance> {
  const { maxBodyBytes, requestTimeoutMs } = options;
  const app = Fastify({
    trustProxy: proxyTrust(options.trustProxy),
    bodyLimit: maxBodyBytes,
    http: {
      headersTimeout: requestTimeoutMs,
      requestTimeout: requestTimeoutMs,
      connectionsCheckingInterval: Math.min(lookMs, requestTimeoutMs),
    },
    requestTimeout: requestTimeoutMs,
    // Idle connections do not hold up the end; those with a request under way get its answer first.
    forceCloseConnections: 'idle',
    // Only for paths that cannot be decoded; hooks and error handler are not asked then.
    frameworkErrors: (_error, request, reply) => void sayNothingThere(request, reply),
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  answerErrors(app, options);
  readBodies(app);
  admitCallers(app, keys, options);
  closeWhenClosing(app, closing);
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'im-gateway',
        version: '1',
        description: 'Push to users wherever they are connected. Each tag is the scope that a key needs.',
      },
      components: { securitySchemes: { key: { type: 'http', scheme: 'bearer' } } },
      security: [{ key: [] }],
    },
    transform: jsonSchemaTransform,
  });
  app.get('/openapi.json', { schema: { hide: true }, config: { scope: 'device' } }, async () =>
    app.swagger(),
  );
  return app;
}

/** Or connections that are kept would hold up the end. */
function closeWhenClosing(app: FastifyInstance, closing: AbortSignal): void {
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (closing.aborted) void reply.header('connection', 'close');
    done();
  });
}
