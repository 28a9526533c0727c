import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { createApiClient, type ApiClient, type ApiTokens } from '../../src/client/index.ts';
import type { ServerScope } from '../../src/server-keys/scopes.ts';
import { exchange, headerOf, toResponse, type Answered } from './exchange.ts';
import type { Person } from './person.ts';

// Callers of `/v1` who hold it to its own description: a request that it takes and each answer must be as that says.

export interface Operation {
  readonly operationId: string;
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Schema }>> }>
  >;
}

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly schema: Schema;
}

interface Schema {
  readonly examples?: readonly unknown[];
}

export interface Described extends Operation {
  readonly method: string;
  /** With its parameters in braces. */
  readonly path: string;
  /** Of the paths that it is asked at. */
  readonly form: RegExp;
}

/** What `/v1/openapi.json` says. */
export class Description {
  readonly text: string;
  readonly operations: readonly Described[];
  readonly #ajv = new Ajv2020({ strict: false, validateFormats: false });
  readonly #checks = new Map<object, ValidateFunction>();

  private constructor(text: string) {
    const { paths, components } = JSON.parse(text) as {
      paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
      components: object;
    };
    this.text = text;
    this.operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        ...operation,
        ...{ method: method.toUpperCase(), path, form: formOf(path) },
      })),
    );
    this.#ajv.addSchema({ $id: 'api', components });
  }

  static async of({ url }: { readonly url: string }): Promise<Description> {
    return new Description(await (await fetch(`${url}/v1/openapi.json`)).text());
  }

  /** Fails for an answer that is not described, and for a request that was done and is not. */
  check(request: Pick<Request, 'method' | 'url'>, asked: string, answer: Answered): void {
    const { pathname } = new URL(request.url);
    const { status } = answer;
    const said = answer.body.toString();
    const what = `${request.method} ${pathname}: ${status}`;
    const operation = this.operations.find(
      ({ method, form }) => method === request.method && form.test(pathname),
    );
    if (!operation) throw new Error(`${what} is of no route that is described`);
    const type = headerOf(answer, 'content-type')?.split(';')[0];
    const described = operation.responses[String(status)];
    if (!described) throw new Error(`${what} is not described: ${said}`);
    if (described.content) {
      const schema = described.content[type ?? '']?.schema;
      if (!schema) throw new Error(`${what} is not described as ${type ?? 'nothing'}: ${said}`);
      this.#check(`the answer of ${what}`, schema, JSON.parse(said));
    } else if (said !== '') throw new Error(`${what} is described as empty: ${said}`);
    const schema = operation.requestBody?.content['application/json']?.schema;
    const isDone = status >= 200 && status < 300;
    if (isDone && schema) this.#check(`the request ${what}`, schema, JSON.parse(asked));
  }

  #check(what: string, schema: object, value: unknown): void {
    let check = this.#checks.get(schema);
    if (!check) {
      const text = JSON.stringify(schema).replaceAll('"#/components/', '"api#/components/');
      this.#checks.set(schema, (check = this.#ajv.compile(JSON.parse(text) as object)));
    }
    if (!check(value))
      throw new Error(`${what}: ${this.#ajv.errorsText(check.errors)}: ${JSON.stringify(value)}`);
  }
}

/** Which scope the key of a back end needs for it; undefined: it is for users. */
export function scopeOf({ security }: Pick<Operation, 'security'>): ServerScope | undefined {
  return security?.[0]?.['serverKey']?.[0] as ServerScope | undefined;
}

function formOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+').replaceAll('.', '\\.')}$`);
}

/** Of the first platform that was asked: they differ in their address alone, and to write and to compile it takes as long as a test. */
let description: Promise<Description> | undefined;

/** The generated client; somebody's, who signed in at box-im's API: it is the same session. */
export async function apiOf(
  at: { readonly url: string },
  who?: Pick<Person, 'tokens'>,
  { language }: { readonly language?: 'en' | 'zh' } = {},
): Promise<ApiClient> {
  const { url } = at;
  const described = await (description ??= Description.of(at));
  let tokens: ApiTokens | undefined = who && {
    ...{ ...who.tokens, accessTokenExpiresInS: 0, refreshTokenExpiresInS: 0 },
  };
  return createApiClient({
    url,
    ...(language && { language }),
    tokens: { read: () => tokens, write: (fresh) => (tokens = fresh) },
    async fetch(request) {
      const body = request.body ? Buffer.from(await request.arrayBuffer()) : undefined;
      const { method, signal } = request;
      const headers = Object.fromEntries(request.headers);
      const answer = await exchange(request.url, { method, headers, body, signal });
      described.check(request, body?.toString() ?? '', answer);
      return toResponse(answer);
    },
  });
}
