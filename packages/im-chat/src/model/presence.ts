import type { components } from 'im-platform/client';

/** Whether somebody is there, and since when not. */
export type Presence = components['schemas']['Presence'];

/** Somebody who writes something. */
export interface Typist {
  readonly userId: string;
  /** What they are called there. */
  readonly name: string;
}

/** As the platform pushes it. */
export interface TypingNews extends Typist {
  readonly conversationId: string;
}
