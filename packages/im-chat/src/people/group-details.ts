import type { ApiClient, components, operations } from 'im-platform/client';
import { ask } from '../api/api.ts';
import { toChatError, type ChatError } from '../errors.ts';
import { Shown, type Readable } from '../readable.ts';
import type { Group } from '../model/contact-list.ts';
import type { KnownPeople } from './known-people.ts';

export type Member = components['schemas']['Member'];

/** What can be changed of a group, and of how one is there oneself; what is absent stays. */
export type GroupChanges = operations['changeGroup']['requestBody']['content']['application/json'];

/** A group as it is looked at: with its members, as many as were asked for. */
export interface GroupView {
  readonly group: Group | undefined;
  readonly members: readonly Member[];
  readonly hasMore: boolean;
  readonly isLoaded: boolean;
  /** Why the last part could not be fetched. */
  readonly problem: ChatError | undefined;
}

interface GroupDeps {
  readonly id: string;
  /** The one who looks. */
  readonly userId: string;
  readonly api: ApiClient;
  readonly people: Pick<KnownPeople, 'list' | 'change' | 'refresh'>;
}

const pageSize = 100;

/** One group, for whoever looks at it: it is fetched when it is made, and after what is done here. */
export class GroupDetails implements Readable<GroupView> {
  readonly get: () => GroupView;
  readonly subscribe: (listener: () => void) => () => void;
  readonly #deps: GroupDeps;
  readonly #view: Shown<GroupView>;
  #group: Group | undefined;
  #members: readonly Member[] = [];
  /** Null: all of them are there. */
  #cursor: string | null | undefined;
  #problem: ChatError | undefined;
  /** Parts are fetched one after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(deps: GroupDeps) {
    this.#deps = deps;
    this.#view = new Shown(() => this.#look());
    this.get = this.#view.get;
    this.subscribe = this.#view.subscribe;
    this.#group = deps.people.list.get().groups.find(({ id }) => id === deps.id);
    // Failures are shown.
    void this.refresh().catch(() => undefined);
  }

  get isWatched(): boolean {
    return this.#view.isWatched;
  }

  /** The group and as many members as are held. */
  refresh(): Promise<void> {
    return this.#inTurn(async () => {
      const group = await ask(this.#deps.api.GET('/v1/groups/{groupId}', { params: this.#params }));
      this.#take(group);
      const wanted = Math.max(pageSize, this.#members.length);
      const members: Member[] = [];
      let cursor: string | null | undefined;
      while (group.isMember && cursor !== null && members.length < wanted) {
        const page = await this.#fetchMembers(cursor);
        members.push(...page.items);
        cursor = page.nextCursor;
      }
      this.#members = members;
      this.#cursor = cursor ?? null;
    });
  }

  loadMore(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#cursor === null) return;
      const page = await this.#fetchMembers(this.#cursor);
      this.#members = [...this.#members, ...page.items];
      this.#cursor = page.nextCursor;
    });
  }

  async change(changes: GroupChanges): Promise<void> {
    const { api } = this.#deps;
    this.#take(await ask(api.PATCH('/v1/groups/{groupId}', { params: this.#params, body: changes })));
  }

  async invite(userIds: readonly string[]): Promise<void> {
    const body = { userIds: [...userIds] };
    await ask(this.#deps.api.POST('/v1/groups/{groupId}/members', { params: this.#params, body }));
    await this.refresh();
  }

  async remove(userId: string): Promise<void> {
    const params = this.#of(userId);
    await ask(this.#deps.api.DELETE('/v1/groups/{groupId}/members/{userId}', { params }));
    this.#members = this.#members.filter((member) => member.userId !== userId);
    this.#view.changed();
  }

  async leave(): Promise<void> {
    await this.remove(this.#deps.userId);
    this.#gone();
  }

  async dissolve(): Promise<void> {
    await ask(this.#deps.api.DELETE('/v1/groups/{groupId}', { params: this.#params }));
    this.#gone();
  }

  async transfer(userId: string): Promise<void> {
    const { api } = this.#deps;
    await ask(api.PUT('/v1/groups/{groupId}/owner', { params: this.#params, body: { userId } }));
    await this.refresh();
  }

  async appoint(userId: string): Promise<void> {
    const params = this.#of(userId);
    await ask(this.#deps.api.PUT('/v1/groups/{groupId}/admins/{userId}', { params }));
    this.#changeMember(userId, { role: 'admin' });
  }

  async dismiss(userId: string): Promise<void> {
    const params = this.#of(userId);
    await ask(this.#deps.api.DELETE('/v1/groups/{groupId}/admins/{userId}', { params }));
    this.#changeMember(userId, { role: 'member' });
  }

  /** They may read, and not write, for so long. */
  async mute(userId: string, minutes: number): Promise<void> {
    const params = this.#of(userId);
    await ask(this.#deps.api.PUT('/v1/groups/{groupId}/mutes/{userId}', { params, body: { minutes } }));
    this.#changeMember(userId, { mayWriteFrom: new Date(Date.now() + minutes * 60_000).toISOString() });
  }

  async unmute(userId: string): Promise<void> {
    const params = this.#of(userId);
    await ask(this.#deps.api.DELETE('/v1/groups/{groupId}/mutes/{userId}', { params }));
    this.#changeMember(userId, { mayWriteFrom: null });
  }

  get #params() {
    return { path: { groupId: this.#deps.id } };
  }

  #of(userId: string) {
    return { path: { groupId: this.#deps.id, userId } };
  }

  #fetchMembers(cursor: string | null | undefined) {
    const query = { limit: pageSize, ...(cursor != null && { cursor }) };
    return ask(this.#deps.api.GET('/v1/groups/{groupId}/members', { params: { ...this.#params, query } }));
  }

  #take(group: Group): void {
    this.#group = group;
    this.#deps.people.change(({ groups }) => ({
      groups: groups.map((one) => (one.id === group.id ? group : one)),
    }));
    this.#view.changed();
  }

  #gone(): void {
    const { id } = this.#deps;
    this.#deps.people.change(({ groups }) => ({ groups: groups.filter((one) => one.id !== id) }));
  }

  #changeMember(userId: string, to: Partial<Member>): void {
    this.#members = this.#members.map((one) => (one.userId === userId ? { ...one, ...to } : one));
    this.#view.changed();
  }

  async #inTurn(load: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(load);
    this.#turn = turn.catch(() => undefined);
    try {
      await turn;
      this.#problem = undefined;
    } catch (error) {
      this.#problem = toChatError(error);
      throw this.#problem;
    } finally {
      this.#view.changed();
    }
  }

  #look(): GroupView {
    return {
      ...{ group: this.#group, members: this.#members, problem: this.#problem },
      hasMore: this.#cursor != null,
      isLoaded: this.#cursor !== undefined,
    };
  }
}
