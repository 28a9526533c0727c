import type { components } from 'im-platform/client';

type Schemas = components['schemas'];

export type Friend = Schemas['Friend'];
export type Group = Schemas['Group'];
export type FriendRequest = Schemas['FriendRequest'];
export type Block = Schemas['Block'];

/** Whom somebody knows. Each list is the same object as long as nothing of it changes. */
export interface ContactList {
  readonly friends: readonly Friend[];
  /** Those they are in. */
  readonly groups: readonly Group[];
  /** Who asks to be their friend, and whom they have asked. */
  readonly received: readonly FriendRequest[];
  readonly sent: readonly FriendRequest[];
  readonly blocks: readonly Block[];
  /** The platform was asked: what is empty is empty. */
  readonly isLoaded: boolean;
}

export type ContactPart = Exclude<keyof ContactList, 'isLoaded'>;

export const contactParts: readonly ContactPart[] = ['friends', 'groups', 'received', 'sent', 'blocks'];

export const noContacts: ContactList = {
  ...{ friends: [], groups: [], received: [], sent: [], blocks: [] },
  isLoaded: false,
};
