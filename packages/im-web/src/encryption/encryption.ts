import {
  endToEnd,
  type EncryptionState,
  type EndToEnd,
  type PersonKeys,
  type Verification,
} from 'im-chat/end-to-end';
import { shallowRef, type Ref } from 'vue';
import { configuration } from '../chat/configuration.ts';

/** Undefined: the platform has none. Its library is loaded by those alone who have set it up. */
export const encryption: EndToEnd | undefined = configuration.endToEnd ? endToEnd() : undefined;

export const encryptionState: Ref<EncryptionState> = shallowRef({ kind: 'off' });
/** Where codes are compared now. */
export const verifications: Ref<readonly Verification[]> = shallowRef([]);
/** What is known of people's keys, by their ids. */
export const knownKeys: Ref<ReadonlyMap<string, PersonKeys>> = shallowRef(new Map());

if (encryption) {
  const { state, verifications: comparing, known } = encryption;
  state.subscribe(() => (encryptionState.value = state.get()));
  known.subscribe(() => (knownKeys.value = known.get()));
  comparing.subscribe(() => (verifications.value = comparing.get()));
}

/** It can be used on this device. */
export function isReady(): boolean {
  return encryptionState.value.kind === 'ready';
}
