import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Caller } from '../http/caller.ts';
import type { ServerScope } from '../server-keys/scopes.ts';
import { nameLanguage } from './api-language.ts';
import { answerError } from './problem-answers.ts';
import type { ProblemCode } from './problems.ts';

type Schema = z.ZodType;

/** What a handler gets: checked input, and who asks. */
export interface ApiInput<Body, Query, Params, Headers = unknown> {
  readonly body: Body;
  readonly query: Query;
  readonly params: Params;
  readonly headers: Headers;
  readonly caller: Caller;
  /** The client's own name of what it asks for: asked again with it, it is done once. */
  readonly idempotencyKey: string | undefined;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** One route of `/v1`: the validation, the types of its handler, its rights, and its part of the description. */
export interface ApiRoute<
  Body extends Schema = z.ZodUndefined,
  Query extends Schema = z.ZodUndefined,
  Params extends Schema = z.ZodUndefined,
  Answer extends Schema = z.ZodVoid,
  Headers extends z.ZodObject = z.ZodObject,
> {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** After `/v1`, as OpenAPI writes it: `/users/{userId}`. */
  readonly path: `/${string}`;
  /** What clients call it: `getUser`. */
  readonly name: string;
  readonly tag: string;
  readonly summary: string;
  /** Who may, and who sees what; a sentence. */
  readonly rights: string;
  readonly body?: Body;
  readonly query?: Query;
  readonly params?: Params;
  /** Beside those that every route may have; so of a loose object. */
  readonly headers?: Headers;
  /** Properties that it does not name never leave the server. Absent: there is none, and the status is 204. */
  readonly answer?: Answer;
  /** @default 200 */
  readonly status?: 201;
  /** What the headers of the answer say, beside those of every answer. */
  readonly answerHeaders?: Readonly<Record<string, string>>;
  /** Beside those that every route has. */
  readonly problems?: readonly ProblemCode[];
  /** Asks for no access token; there is no caller then. */
  readonly isOpen?: true;
  /** Asks another back end for a key with this scope instead; there is no caller then, but `request.backEnd`. */
  readonly scope?: ServerScope;
  /** Only who runs the platform may; a caller who does not is refused. */
  readonly isForAdmins?: true;
  readonly takesIdempotencyKey?: true;
  /** Says something to others, which is limited beside all requests. */
  readonly isMessage?: true;
  /** The body is a form with a file, which the handler reads as it comes. */
  readonly isMultipart?: true;
  /** The body is a form of a few fields; the scope reads it. */
  readonly isForm?: true;
  /** The body is of this type, and the handler reads it as it comes; the scope knows how. */
  readonly streams?: string;
  readonly handle: (
    input: ApiInput<z.output<Body>, z.output<Query>, z.output<Params>, z.output<Headers>>,
  ) => Promise<z.input<Answer>> | z.input<Answer>;
}

/** A route of any types, for the description. */
export type AnyApiRoute = Omit<ApiRoute<Schema, Schema, Schema, Schema>, 'handle'>;

const mostBytesOfStrangers = 16 * 1_024;
export const apiPath = '/v1';
const noQuery = z.strictObject({});
const keyName = 'idempotency-key';
export const keyHeader = z.looseObject({
  [keyName]: z
    .string()
    .regex(/^[\x21-\x7e]{1,128}$/, 'expected 1 to 128 visible characters of ASCII')
    .optional()
    .meta({ description: 'Your own name of this request: asked again with the same one, it is done once.' }),
});

declare module 'fastify' {
  interface FastifyInstance {
    apiRoutes: AnyApiRoute[];
    /** The document of all of them. */
    apiDocument: () => string;
  }
}

export function addApiRoute<
  Body extends Schema = z.ZodUndefined,
  Query extends Schema = z.ZodUndefined,
  Params extends Schema = z.ZodUndefined,
  Answer extends Schema = z.ZodVoid,
  Headers extends z.ZodObject = z.ZodObject,
>(app: FastifyInstance, route: ApiRoute<Body, Query, Params, Answer, Headers>): void {
  const { method, path, body, query, params, answer, handle } = route;
  const isOpen = route.isOpen ?? false;
  const status = route.status ?? (answer ? 200 : 204);
  app.apiRoutes.push(route);
  app.route({
    method,
    url: apiPath + path.replaceAll(/\{(\w+)\}/g, ':$1'),
    // What strangers send is short, and is read before anybody knows who they are.
    ...(isOpen && !route.isMultipart && { bodyLimit: mostBytesOfStrangers }),
    config: {
      ...{
        isOpen,
        takesBearer: true,
        mayTakeLong: (route.isMultipart ?? false) || route.streams !== undefined,
      },
      isMessage: route.isMessage ?? false,
      ...(route.scope && { keyScope: route.scope }),
      isForAdmins: route.isForAdmins ?? false,
    },
    errorHandler: (error, request, reply) => void answerError(error, request, reply),
    schema: {
      // Described in a document of its own.
      hide: true,
      ...(body && !route.isMultipart && { body }),
      querystring: query ?? noQuery,
      ...(params && { params }),
      ...headersOf(route),
      ...(answer && { response: { [status]: answer } }),
    },
    async handler(request, reply) {
      const result = await handle({
        // Checked by the validator with these very schemas.
        body: request.body as z.output<Body>,
        query: request.query as z.output<Query>,
        params: request.params as z.output<Params>,
        headers: request.headers as z.output<Headers>,
        caller: request.caller,
        idempotencyKey: route.takesIdempotencyKey
          ? (request.headers[keyName] as string | undefined)
          : undefined,
        request,
        reply,
      });
      nameLanguage(request, reply);
      void reply.code(status);
      return answer ? result : reply.send();
    },
  });
}

/** Several schemas are checked as one. */
function headersOf({ headers, takesIdempotencyKey }: Pick<AnyApiRoute, 'headers' | 'takesIdempotencyKey'>): {
  readonly headers?: Schema;
} {
  if (takesIdempotencyKey !== true) return headers ? { headers } : {};
  return { headers: headers ? headers.extend(keyHeader.shape) : keyHeader };
}
