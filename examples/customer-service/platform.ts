// What the desk does at im-platform, by docs/server-api.md. A case is a group there: the desk owns it, the visitor is in it, and whichever
// agent has the case. Everything may be asked again: after a crash it is.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Case, Cases } from './cases.ts';

export interface PlatformOptions {
  readonly url: string;
  readonly key: string;
}

export type Ask = <T>(method: string, path: string, body?: object, once?: string) => Promise<T>;

export function openPlatform({ url, key }: PlatformOptions): Ask {
  return async <T>(method: string, path: string, body?: object, once?: string) => {
    const answer = await fetch(`${url}/v1/server${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body && { 'content-type': 'application/json' }),
        ...(once !== undefined && { 'idempotency-key': once }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const said = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${said}`);
    return (said === '' ? undefined : JSON.parse(said)) as T;
  };
}

export const idOf = (kind: 'visitor' | 'agent', name: string): string => `external:${kind}-${name}`;
export const desk = 'external:desk';
export const inPath = encodeURIComponent;

/** Brings the platform to what the cases say, one step of a case after the other, until it is so. */
export class Follower {
  readonly #ask: Ask;
  readonly #cases: Cases;
  readonly #busy = new Set<string>();

  constructor(ask: Ask, cases: Cases) {
    this.#ask = ask;
    this.#cases = cases;
  }

  follow(one: Case): void {
    if (this.#busy.has(one.id)) return; // it looks again before it ends
    this.#busy.add(one.id);
    void this.#untilSo(one);
  }

  async #untilSo(one: Case): Promise<void> {
    for (;;) {
      try {
        const step = this.#nextStep(one);
        if (!step) {
          this.#busy.delete(one.id);
          return;
        }
        this.#cases.change(one, await step());
      } catch (error) {
        console.log(error instanceof Error ? error.message : error);
        await sleep(1_000);
      }
    }
  }

  #nextStep(one: Case): (() => Promise<Partial<Case>>) | undefined {
    const { id, visitor, state, agent, groupId, conversationId, inGroup } = one;
    if (groupId === undefined || conversationId === undefined) return () => this.#open(id, visitor);
    const wanted = state === 'taken' ? agent : undefined;
    const members = `/groups/${groupId}/members`;
    const leaver = inGroup.find((name) => name !== wanted);
    if (leaver !== undefined)
      return async () => {
        await this.#ask('DELETE', `${members}/${inPath(idOf('agent', leaver))}`);
        return { inGroup: inGroup.filter((name) => name !== leaver) };
      };
    if (wanted !== undefined && !inGroup.includes(wanted))
      return async () => {
        await this.#ask('POST', members, { users: [idOf('agent', wanted)] });
        return { inGroup: [...inGroup, wanted] };
      };
    if (state !== 'closed' || one.lastNumber !== undefined) return undefined;
    return async () => {
      const content = { type: 'text', text: 'This conversation is closed. Thank you!' };
      const path = `/conversations/${inPath(conversationId)}/messages`;
      const { number } = await this.#ask<{ number: number }>(
        'POST',
        path,
        { from: desk, content },
        `end-${id}`,
      );
      return { lastNumber: number };
    };
  }

  async #open(id: string, visitor: string): Promise<Partial<Case>> {
    const user = idOf('visitor', visitor);
    await this.#ask('PUT', `/users/${inPath(user)}`, { nickName: `Visitor ${visitor.slice(0, 4)}` });
    const group = { name: `Visit ${id.slice(0, 8)}`, owner: desk, members: [user] };
    return this.#ask<Pick<Case, 'groupId' | 'conversationId'>>('POST', '/groups', group, `case-${id}`);
  }
}
