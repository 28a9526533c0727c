import { STATUS_CODES } from 'node:http';
import { z } from 'zod';
import { apiPath, keyHeader, type AnyApiRoute } from './api-route.ts';
import { problem, problemType } from './problem-answers.ts';
import { kindOf, type ProblemCode } from './problems.ts';

/** A value of JSON Schema, or a part of the document. */
type Json = Readonly<Record<string, unknown>>;

const description = `
The API of im-platform for programs and front ends of your own. Box-im's API stands beside it, on the same data.

- Answers are what was asked for, with a 2xx, or a problem (RFC 9457): \`code\` is for programs, \`detail\` for the user in the language
  of \`Accept-Language\` (\`en\`, \`zh\`), \`cure\` for whoever wrote the program.
- Ids are texts, times are RFC 3339 in UTC. Lists come in pages: ask with \`nextCursor\` until it is null.
- \`RateLimit\` says how many requests are left and when the count begins anew, \`RateLimit-Policy\` what the limit is.
- What is unknown in a body or query is refused by its name. Answers may get more members: ignore those that you do not know.
`.trim();

/** OpenAPI 3.1 of all routes. Written from the schemas that check what comes in and goes out, so it cannot say otherwise. */
export function describeApi(routes: readonly AnyApiRoute[], serverUrl: string): Json {
  const schemas = new Schemas();
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes)
    (paths[apiPath + route.path] ??= {})[route.method.toLowerCase()] = describe(route, schemas);
  return {
    openapi: '3.1.0',
    info: { title: 'im-platform', version: '1', description },
    servers: [{ url: serverUrl }],
    security: [{ accessToken: [] }],
    paths,
    components: {
      securitySchemes: {
        accessToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        serverKey: {
          type: 'http',
          scheme: 'bearer',
          description: 'Of another back end: `im-platform key create`',
        },
      },
      schemas: schemas.named,
    },
  };
}

function describe(route: AnyApiRoute, schemas: Schemas): Json {
  const { name, tag, summary, rights, isOpen = false, params, query, body, answer } = route;
  const parameters = [
    ...(params ? parametersIn('path', schemas.of(params, 'input')) : []),
    ...(query ? parametersIn('query', schemas.of(query, 'input')) : []),
    ...(route.headers ? parametersIn('header', schemas.of(route.headers, 'input')) : []),
    ...(route.takesIdempotencyKey ? parametersIn('header', schemas.of(keyHeader, 'input')) : []),
  ];
  const form = route.isForm ? 'application/x-www-form-urlencoded' : undefined;
  const type = route.isMultipart ? 'multipart/form-data' : (form ?? 'application/json');
  const status = route.status ?? (answer ? 200 : 204);
  return {
    operationId: name,
    tags: [tag],
    summary,
    description: rights,
    ...(isOpen && { security: [] }),
    ...(route.scope && { security: [{ serverKey: [route.scope] }] }),
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: { required: true, content: { [type]: { schema: schemas.of(body, 'input') } } },
    }),
    ...(route.streams !== undefined && {
      requestBody: {
        required: true,
        content: { [route.streams]: { schema: { type: 'string', format: 'binary' } } },
      },
    }),
    responses: {
      [status]: {
        description: STATUS_CODES[status],
        ...(route.answerHeaders && { headers: headersIn(route.answerHeaders) }),
        ...(answer && { content: { 'application/json': { schema: schemas.of(answer, 'output') } } }),
      },
      ...problemsOf(route, schemas),
    },
  };
}

function parametersIn(place: 'path' | 'query' | 'header', schema: Json): Json[] {
  const required = (schema['required'] ?? []) as readonly string[];
  return Object.entries((schema['properties'] ?? {}) as Record<string, Json>).map(
    ([name, { description: about, ...rest }]) => ({
      name,
      in: place,
      ...(about !== undefined && { description: about }),
      required: place === 'path' || required.includes(name),
      schema: rest,
    }),
  );
}

function headersIn(headers: Readonly<Record<string, string>>): Json {
  return Object.fromEntries(
    Object.entries(headers).map(([name, description]) => [name, { description, schema: { type: 'string' } }]),
  );
}

/** By status, with the codes that it may have. */
function problemsOf(route: AnyApiRoute, schemas: Schemas): Json {
  const codes = new Set<ProblemCode>([
    ...([
      'INVALID_ARGUMENT',
      'TOO_MANY_REQUESTS',
      'INTERNAL',
      'UNAVAILABLE',
      'LANES_AWAY',
      'LANES_MOVING',
    ] as const),
    'ENCRYPTION_KEYS_AWAY',
  ]);
  if (route.scope) for (const code of ['KEY_INVALID', 'SCOPE_MISSING'] as const) codes.add(code);
  else if (!route.isOpen) codes.add('NOT_SIGNED_IN');
  if (route.isForAdmins) codes.add('NOT_ALLOWED');
  if (route.takesIdempotencyKey) codes.add('IDEMPOTENCY_KEY_REUSED');
  for (const code of route.problems ?? []) codes.add(code);
  const byStatus = new Map<number, ProblemCode[]>();
  const put = (status: number, code: ProblemCode): void => {
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  };
  for (const code of codes) put(kindOf(code).status, code);
  if (route.body ?? route.streams) for (const status of [400, 413, 415]) put(status, 'BODY_REFUSED');
  return Object.fromEntries(
    Array.from(byStatus, ([status, several]) => [
      String(status),
      {
        description: several.map((code) => `${code}: ${kindOf(code).what}`).join(' '),
        content: {
          [problemType]: {
            schema: { allOf: [schemas.of(problem, 'output'), { properties: { code: { enum: several } } }] },
          },
        },
      },
    ]),
  );
}

interface Definition extends Json {
  readonly id?: string;
  readonly $defs?: Readonly<Record<string, Definition>>;
}

/** JSON Schemas of zod's. Those with an `id` get a name in the document, and become types of that name in generated clients. */
class Schemas {
  readonly named: Record<string, Json> = {};
  /** Problems alone come some hundred times. */
  readonly #known = { input: new Map<z.ZodType, Json>(), output: new Map<z.ZodType, Json>() };

  of(schema: z.ZodType, io: 'input' | 'output'): Json {
    let json = this.#known[io].get(schema);
    if (!json) this.#known[io].set(schema, (json = this.#convert(schema, io)));
    return json;
  }

  #convert(schema: z.ZodType, io: 'input' | 'output'): Json {
    const text = JSON.stringify(z.toJSONSchema(schema, { io, target: 'draft-2020-12' }));
    const {
      $schema: _,
      $defs = {},
      id,
      ...json
    } = JSON.parse(text.replaceAll('"#/$defs/', '"#/components/schemas/'), (_key, value: unknown) =>
      asDescribed(value, io),
    ) as Definition;
    for (const [name, { id: __, ...definition }] of Object.entries($defs)) this.named[name] = definition;
    if (id === undefined) return json;
    this.named[id] = json;
    return { $ref: `#/components/schemas/${id}` };
  }
}

function asDescribed(value: unknown, io: 'input' | 'output'): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const { example, additionalProperties, ...rest } = value as Record<string, unknown>;
  return {
    ...rest,
    // Zod leaves `examples` out where a value becomes another one.
    ...(example !== undefined && { examples: [example] }),
    // Answers may get more members; what comes in may not.
    ...(additionalProperties !== undefined &&
      (io === 'input' || additionalProperties !== false) && { additionalProperties }),
  };
}
