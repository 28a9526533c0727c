import type { Judge, Kind } from './kind.ts';
import { cleo, type Change, type Stage } from './stage.ts';

export class EncryptedChats implements Kind {
  readonly #stage: Stage;
  readonly #round: number;
  #group = '';

  constructor(stage: Stage, round: number) {
    this.#stage = stage;
    this.#round = round;
  }

  /** A conversation that has no key yet. */
  async prepare(): Promise<void> {
    this.#group = await newGroup(this.#stage);
  }

  changes(): readonly Change[] {
    return [sayIn(this.#group, `secret ${this.#round}`)];
  }

  async judge(judge: Judge): Promise<void> {
    judge.expect('messages', await textsIn(this.#stage, this.#group), [`secret ${this.#round}`]);
  }
}

export async function newGroup({ database: { sql } }: Stage): Promise<string> {
  const createdTime = Date.now();
  const [id = 0] = await sql('im_group').insert({ name: 'new', ownerId: cleo, createdTime });
  await sql('im_group_member').insert({ groupId: id, userId: cleo, userNickName: 'cleo', createdTime });
  return `group:${id}`;
}

export function sayIn(group: string, text: string): Change {
  return {
    ...{ userId: cleo, path: `/conversations/${group}/messages`, key: text.replaceAll(' ', '-') },
    body: { content: { type: 'text', text } },
  };
}

export async function textsIn(stage: Stage, group: string): Promise<string[]> {
  const path = `/conversations/${group}/messages`;
  const { items = [] } = await stage.must({ userId: cleo, method: 'GET', path });
  return items.flatMap(({ content }) => content?.text ?? []);
}
