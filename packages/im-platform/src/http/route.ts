import type { FastifyInstance, FastifyRequest, HTTPMethods } from 'fastify';
import { z } from 'zod';
import type { Caller } from './caller.ts';
import { languageFor } from './language.ts';
import { onceFor } from './once-for.ts';
import { say } from './texts.ts';

type Schema = z.ZodType;

/** What a handler gets: checked input, and who asks. */
export interface Input<Body, Query, Params> {
  readonly body: Body;
  readonly query: Query;
  readonly params: Params;
  readonly caller: Caller;
  readonly request: FastifyRequest;
}

const mostBytesOfStrangers = 16 * 1024;

/** One route: its schemas are the validation, the types of its handler, and its page in the API documentation. */
export interface Route<
  Body extends Schema = z.ZodUndefined,
  Query extends Schema = z.ZodUndefined,
  Params extends Schema = z.ZodUndefined,
  Answer extends Schema = z.ZodNull,
> {
  readonly method: HTTPMethods;
  readonly url: string;
  readonly tag: string;
  readonly summary: string;
  readonly body?: Body;
  readonly query?: Query;
  readonly params?: Params;
  /** What becomes `data`. Properties that it does not name never leave the server. @default null */
  readonly answer?: Answer;
  /** Asks for no access token; there is no caller then. */
  readonly isOpen?: true;
  /** The token may be missing; there is no caller then. */
  readonly tokenIsOptional?: boolean;
  /** The header with which it asks who calls instead. */
  readonly needsHeader?: 'refreshToken';
  /** Refuses the same call by the same user within five seconds. */
  readonly oncePer5s?: true;
  /** Says something to others, which is limited beside all requests. */
  readonly isMessage?: true;
  /** The body stays the text that it is, whatever it holds. */
  readonly rawBody?: true;
  /** The body is a form with a file, which the handler reads as it comes; it takes as long as the line is slow. */
  readonly isMultipart?: true;
  /** @default what box-im says of success */
  readonly message?: string;
  readonly handle: (
    input: Input<z.output<Body>, z.output<Query>, z.output<Params>>,
  ) => Promise<z.input<Answer>> | z.input<Answer>;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    isOpen?: boolean;
    tokenIsOptional?: boolean;
    oncePer5s?: boolean;
    rawBody?: boolean;
  }
  interface FastifyRequest {
    /** Who asks; set before the handler of every route that is not open. */
    caller: Caller;
  }
}

export function addRoute<
  Body extends Schema = z.ZodUndefined,
  Query extends Schema = z.ZodUndefined,
  Params extends Schema = z.ZodUndefined,
  Answer extends Schema = z.ZodNull,
>(app: FastifyInstance, route: Route<Body, Query, Params, Answer>): void {
  const { method, url, tag, summary, body, query, params, answer, handle } = route;
  app.route({
    method,
    url,
    // What strangers send is short, and is read before anybody knows who they are.
    ...(route.isOpen && !route.isMultipart && { bodyLimit: mostBytesOfStrangers }),
    config: {
      isOpen: route.isOpen ?? false,
      tokenIsOptional: route.tokenIsOptional ?? false,
      oncePer5s: route.oncePer5s ?? false,
      isMessage: route.isMessage ?? false,
      rawBody: route.rawBody ?? false,
      mayTakeLong: route.isMultipart ?? false,
    },
    schema: {
      tags: [tag],
      summary,
      ...(route.isOpen && { security: route.needsHeader ? [{ [route.needsHeader]: [] }] : [] }),
      ...(route.isMultipart && { consumes: ['multipart/form-data'] }),
      ...(body && { body }),
      ...(query && { querystring: query }),
      ...(params && { params }),
      response: { 200: envelopeOf(answer ?? nothing), 503: refused },
    },
    async handler(request) {
      const data = await handle({
        // Checked by the validator with these very schemas.
        body: request.body as z.output<Body>,
        query: request.query as z.output<Query>,
        params: request.params as z.output<Params>,
        caller: request.caller,
        request,
      });
      return { code: 200, message: route.message ?? say('success', languageFor(request)), data };
    },
  });
}

/** What is not done: the code says of which kind it is, the message why. Over HTTP it is a 200 all the same, but for a 503. */
const refused = z.object({
  code: z.int().min(201).or(z.int().max(199)),
  message: z.string(),
  data: z.null(),
});

const nothing = z.null();

/** Box-im's answer to everything. */
const envelopeOf = onceFor((data: Schema): Schema =>
  z.union([z.object({ code: z.literal(200), message: z.string(), data }), refused]),
);
