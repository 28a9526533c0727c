import type { RawDevice } from 'im-test/support';
import type { Person } from './person.ts';

/** What a page gets to see of a group. */
export interface Group {
  readonly id: number;
  readonly name: string;
  readonly ownerId: number;
  readonly notice: string;
  readonly remarkNickName: string;
  readonly showNickName: string;
  readonly showGroupName: string;
  readonly remarkGroupName: string;
  readonly dissolve: boolean;
  readonly quit: boolean;
  readonly isDnd: boolean | null;
}

/** A push about a group, stored (it has an id then) or not. */
export interface GroupPush {
  readonly id?: number;
  readonly type: number;
  readonly groupId: number;
  readonly sendId: number;
  readonly content?: string;
  readonly sendTime: number;
}

export const pushTypes = { TIP: 21, NEW: 90, DEL: 91, DND: 92 } as const;

/** A group of the first one, who invites the others; they must be his friends. */
export async function openGroup(owner: Person, others: readonly Person[], name = 'club'): Promise<Group> {
  const group = await owner.post<Group>('/group/create', { name });
  if (others.length > 0)
    await owner.post('/group/invite', { groupId: group.id, friendIds: others.map(({ id }) => id) });
  return group;
}

/** The next thing that the device is told about groups. */
export async function nextGroupPush(device: RawDevice): Promise<GroupPush> {
  const { data } = await device.next(({ cmd }) => cmd === 4);
  return data as GroupPush;
}
