/** One package of a lock file. */
export interface Licensed {
  readonly name: string;
  readonly version: string;
  /** As its author wrote it: an expression of SPDX. */
  readonly licence: string | undefined;
  /** Whether users of ours get it, and not only who works on this repository. */
  readonly isShipped: boolean;
}

/** Nobody who ships our packages in a product has to do more for these than to keep their texts. */
const free = [
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Unlicense',
];

/** Who works on the repository may use them; no line of theirs goes out. */
const freeToUse = [...free, 'CC-BY-4.0', 'MPL-2.0', 'Python-2.0'];

/** What is allowed for packages of this name alone, and why. */
const exceptions: readonly { readonly name: RegExp; readonly licence: string }[] = [
  // sharp loads libvips as a library of its own, unchanged, which anybody may replace: what the LGPL asks for.
  { name: /^@img\/sharp-(libvips-|win32-|wasm32$)/, licence: 'LGPL-3.0-or-later' },
];

/** Authors who wrote it in another way than npm reads, with what their manifest or their file LICENSE says. */
const readByHand: Readonly<Record<string, string>> = {
  'busboy@1.6.0': 'MIT',
  'humanize-number@0.0.2': 'MIT',
  'only@0.0.2': 'MIT',
  'streamsearch@1.1.0': 'MIT',
  'spawndamnit@3.0.1': 'MIT',
};

/** What is wrong with it, or undefined. */
export function judge({ name, version, licence, isShipped }: Licensed): string | undefined {
  const expression = readByHand[`${name}@${version}`] ?? licence;
  if (expression === undefined) return `${name}@${version} names no licence`;
  const allowed = [
    ...(isShipped ? free : freeToUse),
    ...exceptions.filter((exception) => exception.name.test(name)).map((exception) => exception.licence),
  ];
  if (isMet(expression, allowed)) return undefined;
  return `${name}@${version} has the licence ${expression}, which ${isShipped ? 'users' : 'we'} cannot be sure of`;
}

/** AND binds closer than OR; `X WITH exception` is a name of its own, and so allowed when it is listed. */
function isMet(expression: string, allowed: readonly string[]): boolean {
  let rest = expression.trim();
  // From the inside to the outside, each pair of brackets becomes a name that is allowed or is not.
  for (let before = ''; before !== rest;) {
    before = rest;
    rest = rest.replace(/\(([^()]*)\)/, (_, inner: string) =>
      isMet(inner, allowed) ? (allowed[0] ?? '') : 'no',
    );
  }
  return rest
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((licence) => allowed.includes(licence.trim())));
}
