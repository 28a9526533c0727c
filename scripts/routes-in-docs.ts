// Routes of im-platform and im-gateway that Markdown names, and asks with curl: whether they are there, by the description that the client of the one is written from,
// and the sources of the other. Decisions also name what was turned down.
import { readdirSync, readFileSync } from 'node:fs';

interface Route {
  readonly method: string;
  readonly form: RegExp;
}

const source = 'packages/im-platform/src/client/generated-types.ts';
const ofGateway = 'packages/im-gateway/src/routes/';
/** Not among them, as they answer with no JSON of a route's: the description itself, and where providers send browsers back to. */
const beside = /^\/v1\/(openapi\.json|sign-in\/[^/]+\/callback)$/;
const named = /\b(GET|HEAD|PUT|POST|PATCH|DELETE) (\/v1\/[^\s`?"]*)/g;
const asked = /\bcurl (?:[^\n\\]|\\\n)*?(\/v1\/[^\s`?"']*)(?:[^\n\\]|\\\n)*/g;

/** In each text, where a route is named that is none. */
export function routeProblems(texts: ReadonlyMap<string, string>): string[] {
  const routes = [...readRoutes(), ...readRoutesOfGateway()];
  const current = [...texts].filter(([file]) => !file.startsWith('docs/decisions/'));
  return current.flatMap(([file, text]) =>
    [...namedIn(text), ...askedIn(text)]
      // Whatever is left out stands elsewhere.
      .filter(({ path }) => !path.includes('…') && !beside.test(path))
      .filter(({ method, path }) => !routes.some((route) => route.method === method && route.form.test(path)))
      .map(({ method, path, index }) => {
        const line = text.slice(0, index).split('\n').length;
        return `${file}:${line}: ${method} ${path} is no route`;
      }),
  );
}

interface Mention {
  readonly method: string;
  readonly path: string;
  readonly index: number;
}

function namedIn(text: string): Mention[] {
  return Array.from(text.matchAll(named), ({ 1: method = '', 2: path = '', index }) => ({
    ...{ method, path: path.replace(/[.,;:)]+$/, ''), index },
  }));
}

function askedIn(text: string): Mention[] {
  return Array.from(text.matchAll(asked), ({ 0: command, 1: path = '', index }) => ({
    ...{ method: methodOf(command), path, index },
  }));
}

function methodOf(command: string): string {
  const said = /\s(?:-X|--request) (\w+)/.exec(command)?.[1];
  return said ?? (/\s(?:-d|--data\S*|--json) /.test(command) ? 'POST' : 'GET');
}

function readRoutesOfGateway(): Route[] {
  const texts = readdirSync(ofGateway).map((file) => readFileSync(ofGateway + file, 'utf8'));
  const paths = texts.flatMap((text) =>
    Array.from(text.matchAll(/'(\/v1\/[^']*)'/g), ([, path = '']) => path),
  );
  return ['GET', 'POST'].flatMap((method) =>
    paths.map((path) => ({ method, form: new RegExp(`^${path.replace(/:\w+/g, '[^/]+')}$`) })),
  );
}

function readRoutes(): Route[] {
  const text = readFileSync(source, 'utf8');
  return Array.from(text.matchAll(/^ {2}'(\/v1\/[^']*)': \{\n([^]*?)^ {2}\};/gm)).flatMap(
    ([, path = '', body = '']) =>
      Array.from(body.matchAll(/^ {4}(\w+): operations\[/gm), ([, method = '']) => ({
        method: method.toUpperCase(),
        form: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`),
      })),
  );
}
