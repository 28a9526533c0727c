import type { Entity } from 'im-chat';

// Who is named in a text that is being written: with the sign @ and what the group calls them.

/** Somebody who can be named; `everyone` is all of them. */
export interface Mentionable {
  readonly userId: string;
  readonly name: string;
  readonly thumbnail?: string | null;
}

/** What of a name stands before the caret, and where its @ is. */
export interface Begun {
  readonly at: number;
  readonly query: string;
}

/** An @ within a word is part of an address. */
export function begunAt(text: string, caret: number): Begun | undefined {
  const found = /(?:^|[^\p{L}\p{N}_.]|\p{Script=Han})@([^\s@]{0,32})$/u.exec(text.slice(0, caret));
  const query = found?.[1];
  return query === undefined ? undefined : { at: caret - query.length - 1, query };
}

/** Those whose name begins so first, then those that have it somewhere. */
export function matching(people: readonly Mentionable[], query: string, most: number): Mentionable[] {
  const wanted = query.toLowerCase();
  const rank = ({ name }: Mentionable): number => name.toLowerCase().indexOf(wanted);
  return people
    .filter((one) => rank(one) >= 0)
    .toSorted((one, other) => Math.sign(rank(one)) - Math.sign(rank(other)))
    .slice(0, most);
}

/**
 * Whom a text names. Those who were chosen from the list count wherever their name stands; of others, whose name was typed, where it ends
 * and nobody else is called so.
 */
export function mentionsIn(
  text: string,
  people: readonly Mentionable[],
  chosen: ReadonlyMap<string, string>,
): Entity[] {
  const entities: Entity[] = [];
  const byLength = people.filter(({ name }) => name !== '').toSorted((a, b) => b.name.length - a.name.length);
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    const rest = text.slice(at + 1);
    const named = byLength.filter(({ name }) => rest.startsWith(name));
    const [longest] = named;
    if (!longest) continue;
    const { name } = longest;
    const userId =
      chosen.get(name) ??
      idOf(
        named.filter((one) => one.name === name),
        rest.slice(name.length),
      );
    if (userId === undefined) continue;
    entities.push({ type: 'mention', offset: at, length: name.length + 1, userId });
    at += name.length;
  }
  return entities;
}

function idOf(named: readonly Mentionable[], rest: string): string | undefined {
  return named.length === 1 && !/^[\p{L}\p{N}_]/u.test(rest) ? named[0]?.userId : undefined;
}
