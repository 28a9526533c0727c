import type { components } from 'im-chat';

// What the platform answers, by the names that the page has for it.
type Schemas = components['schemas'];
export type Group = Schemas['Group'];
export type Member = Schemas['Member'];
export type AwayNotifications = Schemas['Notifications'];
export type Privacy = Schemas['Privacy'];
export type User = Schemas['User'];
