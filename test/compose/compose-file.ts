import { parse } from 'yaml';

/** As much of a service as ours have. */
export interface ComposeService {
  readonly image: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
}

/** The services, those that others depend on first. */
export function readCompose(
  text: string,
  variables: Readonly<Record<string, string>>,
): Map<string, ComposeService> {
  const { services } = parse(interpolate(text, variables), { merge: true }) as {
    services: Record<string, ComposeService>;
  };
  const sorted = new Map<string, ComposeService>();
  const add = (name: string, path: readonly string[]): void => {
    if (path.includes(name))
      throw new Error(`Services depend on each other: ${[...path, name].join(' → ')}.`);
    const service = services[name];
    if (!service) throw new Error(`${path.at(-1) ?? ''} depends on ${name}, and there is no such service.`);
    for (const other of Object.keys(service.depends_on ?? {})) add(other, [...path, name]);
    sorted.set(name, service);
  };
  for (const name of Object.keys(services)) add(name, []);
  return sorted;
}

/** `${NAME:-default}` and `${NAME:?what is wrong}`. */
function interpolate(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$\{(\w+):([-?])([^}]*)\}/g, (_, name: string, kind: string, rest: string) => {
    const value = variables[name] ?? (kind === '-' ? rest : undefined);
    if (value === undefined) throw new Error(`${name} ${rest}`);
    return value;
  });
}
