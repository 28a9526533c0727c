import cors from '@fastify/cors';
import swagger from '@fastify/swagger';
import Fastify, {
  LogController,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { jsonSchemaTransform, validatorCompiler } from 'fastify-type-provider-zod';
import { proxyTrust } from 'im-common/internal/network';
import type { Registry } from 'prom-client';
import { isForApi, serveApi } from './api/api.ts';
import { answerNothingThere } from './api/problem-answers.ts';
import { serializerCompiler } from './http/answers.ts';
import { limitHandlers } from './http/deadline.ts';
import { nameNetworks } from './http/client-network.ts';
import { answerErrors, sayNothingThere } from './http/errors.ts';
import { identifyCallers, type AdminChecker, type KeyChecker } from './http/identify.ts';
import { speak } from './http/language.ts';
import { contentSecurityPolicy, servePage } from './http/page.ts';
import { limitRequests, RequestLimit } from './http/rate-limit.ts';
import { guardRepeats } from './http/repeat-guard.ts';
import { toFastifyLogger } from './operations/request-logger.ts';
import { readRawBodies } from './http/raw-body.ts';
import { addSafetyHeaders } from './http/safety-headers.ts';
import { limitBodies, limitConnections, patience } from './http/slow-clients.ts';
import { filterQueries } from './http/xss-filter.ts';
import { rememberLimitHits } from './limits/limit-hits.ts';
import type { Health } from './operations/health.ts';
import { measureRequests } from './operations/http-metrics.ts';
import { documentation } from './operations/operations-app.ts';
import { operationRoutes } from './operations/operations.ts';
import type { ResolvedOptions } from './options.ts';
import type { Sessions } from './sessions/sessions.ts';

export interface AppDeps {
  readonly sessions: Sessions;
  readonly keys: KeyChecker;
  readonly admins: AdminChecker;
  readonly metrics: Registry;
  readonly health: () => Promise<Health>;
  /** Whether the process is about to end: answers then close their connections. */
  readonly isDraining: () => boolean;
}

/** Larger than the longest text and its JSON; uploads have limits of their own. */
const mostBodyBytes = 256 * 1024;

/** An HTTP server that speaks box-im's envelope, with the routes that are nobody's business: the page, docs, operations. */
export async function createApp(
  options: ResolvedOptions,
  { sessions, keys, admins, metrics, health, isDraining }: AppDeps,
): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: toFastifyLogger(options.logger),
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: proxyTrust(options.trustProxy),
    bodyLimit: mostBodyBytes,
    http: patience,
    requestTimeout: patience.requestTimeout,
    // Idle keep-alive connections do not hold up the end; those with a request under way get its answer first.
    forceCloseConnections: 'idle',
    // Only for paths that cannot be decoded; hooks and error handler are not asked then.
    frameworkErrors: (_error, request, reply) => void nothingThere(request, reply),
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  speak(app, options.answerLanguage);
  answerErrors(app, nothingThere);
  nameNetworks(app);
  limitConnections(app.server, { perAddress: options.connectionsPerAddress, trust: options.trustProxy });
  limitBodies(app, options.bodyTimeoutMs);
  limitHandlers(app, options.requestTimeoutMs);
  measureRequests(app, metrics);
  rememberLimitHits(app);
  closeWhenDraining(app, isDraining);
  readRawBodies(app, options);
  await app.register(cors, {
    // The exact origin, never *, because the page sends credentials (contract 0.1.4).
    origin: [...options.allowedOrigins],
    credentials: true,
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: [
      ...['accessToken', 'refreshToken', 'content-type', 'language'],
      ...['authorization', 'idempotency-key'],
      ...['tus-resumable', 'upload-length', 'upload-metadata', 'upload-offset', 'upload-checksum'],
    ],
    exposedHeaders: [
      ...['ratelimit', 'ratelimit-policy', 'retry-after', 'content-language'],
      ...['tus-resumable', 'location', 'upload-length', 'upload-offset'],
    ],
    maxAge: 3_600,
  });
  addSafetyHeaders(app, {
    contentSecurityPolicy: { useDefaults: false, directives: contentSecurityPolicy(options) },
    crossOriginResourcePolicy: { policy: 'cross-origin' },
    // Whether a name is served by TLS alone is for whoever ends the TLS to say.
    strictTransportSecurity: false,
  });
  await app.register(swagger, {
    openapi: {
      // 3.0 has a null of its own, which tools that know JSON Schema take for nothing.
      openapi: '3.1.0',
      info: { title: 'im-platform', version: '1' },
      components: {
        securitySchemes: {
          accessToken: { type: 'apiKey', in: 'header', name: 'accessToken' },
          refreshToken: { type: 'apiKey', in: 'header', name: 'refreshToken' },
        },
      },
      security: [{ accessToken: [] }],
    },
    transform: jsonSchemaTransform,
  });
  serveApi(app, options);
  if (options.xssFilter) filterQueries(app);
  const requests = new RequestLimit('requests', options.requestsPerMinute);
  identifyCallers(app, { sessions, keys, admins }, requests);
  limitRequests(app, { requests, messages: new RequestLimit('messages', options.messagesPerMinute) });
  guardRepeats(app);
  // Otherwise on a port of their own.
  if (options.operationsPort === undefined) await documentation(app, app.apiDocument);
  await servePage(app, options);
  if (options.operationsPort === undefined) operationRoutes(app, { health, metrics });
  return app;
}

function nothingThere(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return isForApi(request) ? answerNothingThere(request, reply) : sayNothingThere(request, reply);
}

function closeWhenDraining(app: FastifyInstance, isDraining: () => boolean): void {
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (isDraining()) void reply.header('connection', 'close');
    done();
  });
}
