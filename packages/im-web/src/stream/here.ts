import { inject, provide, type InjectionKey } from 'vue';
import type { About } from './about-conversation.ts';
import { usePeopleIn, type PersonIn } from './people-in.ts';

/** What all messages of the open conversation share. */
export interface Here {
  /** I may answer, react, and write over what I wrote. */
  readonly mayWrite: () => boolean;
  readonly mayPin: () => boolean;
  readonly personOf: (userId: string) => PersonIn;
  /** Goes to another message. */
  readonly goTo: (number: number) => void;
}

const key: InjectionKey<Here> = Symbol('here');

export function provideHere(about: () => About, goTo: (number: number) => void): Here {
  const here: Here = {
    mayWrite: () => about().whyNot === undefined,
    mayPin: () => mayPin(about()),
    ...{ goTo, personOf: usePeopleIn(() => about().id) },
  };
  provide(key, here);
  return here;
}

export function useHere(): Here {
  const here = inject(key);
  if (!here) throw new Error('This component belongs into a conversation.');
  return here;
}

/** In groups the owner and admins. */
export function mayPin({ whyNot, isGroup, group }: About): boolean {
  return whyNot === undefined && (!isGroup || (group !== undefined && group.group.myRole !== 'member'));
}
