// A description of an API (OpenAPI 3.1) as Markdown: what may be asked, by tag, and the shapes of what goes in and out.

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly format?: string;
  readonly const?: unknown;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

type Content = Readonly<Record<string, { readonly schema?: Schema }>>;

interface Operation {
  readonly tags?: readonly string[];
  readonly summary?: string;
  readonly description?: string;
  readonly security?: readonly unknown[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly description?: string;
    readonly schema?: Schema;
  }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses?: Readonly<
    Record<string, { readonly description?: string; readonly content?: Content }>
  >;
}

export interface ApiDescription {
  readonly info: { readonly description?: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> };
}

export function openApiPage(
  title: string,
  opening: string,
  { info, paths, components }: ApiDescription,
): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      operation,
      answers: answersOf(operation),
    })),
  );
  const usual = usualOf(operations.map(({ answers }) => answers));
  const byTag = new Map<string, string[]>();
  for (const { name, operation, answers } of operations) {
    const tag = operation.tags?.[0] ?? 'Requests';
    const own = answers.filter((answer) => !usual.includes(answer));
    byTag.set(tag, [...(byTag.get(tag) ?? []), describe(name, operation, own)]);
  }
  const shapes = Object.entries(components?.schemas ?? {}).map(
    ([name, schema]) => `### ${name} {#${shapeAnchor(name)}}\n\n${shapeOf(schema)}`,
  );
  return [
    `---\noutline: [2, 3]\n---\n\n# ${title}`,
    opening,
    info.description ?? '',
    ...(usual.length > 0
      ? ['What many requests may be answered with is not said again below:', answerTable(usual)]
      : []),
    ...Array.from(byTag, ([tag, described]) => `## ${capital(tag)}\n\n${described.join('\n\n')}`),
    ...(shapes.length > 0 ? ['## Shapes', ...shapes] : []),
  ].join('\n\n');
}

/** Rows of a table. */
function answersOf({ responses = {} }: Operation): string[] {
  return Object.entries(responses).map(([status, { description: what = '', content = {} }]) => {
    const [first] = Object.entries(content);
    const isProblem = first?.[0] === 'application/problem+json';
    const shape = isProblem || !first ? '' : `${typeOf(first[1].schema ?? {})}. `;
    return row(status, `${shape}${cell(what)}`);
  });
}

/** Refusals that a third of all requests have in common. */
function usualOf(all: readonly (readonly string[])[]): string[] {
  const times = new Map<string, number>();
  for (const answer of all.flat()) times.set(answer, (times.get(answer) ?? 0) + 1);
  return Array.from(times)
    .filter(([answer, count]) => !answer.startsWith('| 2') && count > all.length / 3)
    .map(([answer]) => answer)
    .sort();
}

const answerTable = (rows: readonly string[]): string => table(['answer', 'what it says'], rows);

function describe(name: string, operation: Operation, answers: readonly string[]): string {
  const { summary = '', description, security, parameters = [], requestBody, responses = {} } = operation;
  // As code, since `{id}` would be an attribute of the heading.
  const parts = [`### \`${name}\``, [summary, description ?? ''].filter(Boolean).map(sentence).join(' ')];
  if (security?.length === 0) parts.push('Needs no token.');
  const rows = parameters.map(
    ({ name: member, in: where, required = false, schema = {}, description: about }) =>
      row(`\`${member}\``, where, typeOf(schema), meaning(required, about, schema)),
  );
  if (rows.length > 0) parts.push(table(['parameter', 'in', 'type', 'meaning'], rows));
  for (const [type, { schema = {} }] of Object.entries(requestBody?.content ?? {}))
    parts.push(type === 'application/json' ? 'Body:' : `Body (\`${type}\`):`, shapeOf(schema));
  parts.push(answerTable(answers));
  const [, answer] = Object.entries(responses).find(([status]) => status.startsWith('2')) ?? [];
  const body = answer?.content?.['application/json']?.schema;
  if (body?.properties) parts.push('Answer:', shapeOf(body));
  return parts.filter(Boolean).join('\n\n');
}

/** A table of members, where there are any. */
function shapeOf(schema: Schema): string {
  const rows = membersOf(schema, '');
  const about = schema.description === undefined ? '' : `${sentence(outsideOfCode(schema.description))}\n\n`;
  return about + (rows.length > 0 ? table(['member', 'type', 'meaning'], rows) : typeOf(schema));
}

function membersOf(schema: Schema, prefix: string): string[] {
  const { properties = {}, required = [], allOf = [] } = schema;
  const own = Object.entries(properties).flatMap(([name, member]) => {
    const isRequired = required.includes(name);
    const inside = member.properties ? member : (member.items ?? {});
    const path = `${prefix}${name}`;
    return [
      row(`\`${path}\``, typeOf(member), meaning(isRequired, member.description, member)),
      ...(inside.properties ? membersOf(inside, `${path}${member.items ? '[].' : '.'}`) : []),
    ];
  });
  return [...allOf.flatMap((part) => membersOf(part, prefix)), ...own];
}

function meaning(isRequired: boolean, about: string | undefined, schema: Schema): string {
  const { default: fallback } = schema;
  return [
    isRequired ? '' : '_Optional._',
    about === undefined ? '' : cell(sentence(about)),
    boundsOf(schema),
    fallback === undefined ? '' : `Default \`${JSON.stringify(fallback)}\`.`,
  ]
    .filter(Boolean)
    .join(' ');
}

function boundsOf(schema: Schema): string {
  const { minLength, maxLength, minItems, maxItems, minimum, maximum } = schema;
  const isNoBound = (bound: number | undefined): boolean =>
    bound === undefined || Math.abs(bound) >= Number.MAX_SAFE_INTEGER;
  const bounds = (least: number | undefined, most: number | undefined, what: string): string => {
    if (isNoBound(least) && isNoBound(most)) return '';
    if (isNoBound(most)) return `At least ${least ?? ''}${what}.`;
    return isNoBound(least) ? `At most ${most ?? ''}${what}.` : `${least ?? ''} to ${most ?? ''}${what}.`;
  };
  return [
    bounds(minLength, maxLength, ' characters'),
    bounds(minItems, maxItems, ' of them'),
    bounds(minimum, maximum, ''),
  ]
    .filter(Boolean)
    .join(' ');
}

function typeOf(schema: Schema): string {
  const { $ref, type, format, items, enum: values, anyOf, oneOf, allOf, additionalProperties } = schema;
  if ($ref !== undefined) {
    const name = $ref.replace(/^.*\//, '');
    return `[${name}](#${shapeAnchor(name)})`;
  }
  if (schema.const !== undefined) return code(schema.const);
  if (values) return values.map(code).join(', ');
  const several = anyOf ?? oneOf;
  if (several) return Array.from(new Set(several.map(typeOf))).join(' or ');
  if (allOf) return Array.from(new Set(allOf.map(typeOf))).join(' and ');
  if (type === 'array') return `list of ${items ? typeOf(items) : 'anything'}`;
  if (
    type === 'object' &&
    typeof additionalProperties === 'object' &&
    Object.keys(additionalProperties).length > 0
  )
    return `object of ${typeOf(additionalProperties)}`;
  const named = type === undefined ? 'anything' : [type].flat().join(' or ');
  return format === undefined ? named : `${named} (${format})`;
}

const shapeAnchor = (name: string): string => `shape-${name.toLowerCase()}`;
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const code = (value: unknown): string => `\`${JSON.stringify(value)}\``;
const sentence = (text: string): string => (/[.:!?]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`);
const row = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const table = (heads: readonly string[], rows: readonly string[]): string =>
  [row(...heads), row(...heads.map(() => '---')), ...rows].join('\n');

function cell(text: string): string {
  return outsideOfCode(text.replaceAll('\n', ' ')).replaceAll('|', '\\|');
}

/** The page is a template of Vue: brackets are no tags there, and braces no expressions. */
function outsideOfCode(text: string): string {
  return text
    .split('`')
    .map((part, index) =>
      index % 2 === 1 ? part : part.replaceAll('<', '&lt;').replaceAll('{{', '&#123;&#123;'),
    )
    .join('`');
}
