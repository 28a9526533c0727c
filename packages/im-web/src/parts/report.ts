import { shallowRef } from 'vue';

/** Somebody, or something that somebody said. */
export interface Reported {
  readonly name: string;
  readonly about: { readonly userId: string } | { readonly conversationId: string; readonly number: number };
}

/** What is being reported to whoever runs this server. */
export const reported = shallowRef<Reported>();

export function report(what: Reported): void {
  reported.value = what;
}
