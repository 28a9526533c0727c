// What the page and the chat say to each other.

/** The service that devices talk to. */
export const service = 'chat';

/** A device asks. */
export type Ask =
  | { readonly ask: 'enter'; readonly room: string }
  | { readonly ask: 'leave'; readonly room: string }
  | { readonly ask: 'say'; readonly room: string; readonly text: string }
  | { readonly ask: 'typing'; readonly room: string };

/** What `enter` answers: the last messages, and who is here. */
export interface Room {
  readonly messages: readonly Message[];
  readonly people: readonly Person[];
}

export interface Person {
  readonly id: string;
  readonly name: string;
}

export interface Message {
  readonly room: string;
  /** 1, 2, 3 … in the room. */
  readonly number: number;
  readonly from: Person;
  readonly text: string;
  readonly at: number;
}

/** The chat tells. */
export type News =
  | { readonly news: 'said'; readonly message: Message }
  | { readonly news: 'came' | 'went' | 'typing'; readonly room: string; readonly person: Person };
