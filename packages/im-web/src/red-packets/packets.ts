import type { components } from 'im-chat';
import { shallowReactive, watch } from 'vue';
import { api, ask } from '../chat/api.ts';
import { chat, myId } from '../chat/chat.ts';

export type RedPacket = components['schemas']['RedPacket'];

const known = shallowReactive(new Map<string, RedPacket>());
const asked = new Set<string>();

/** As it was when it was last heard of. */
export function packetOf(id: string): RedPacket | undefined {
  return known.get(id);
}

/** Asked for once while this page is open; what becomes of it is pushed. */
export async function lookAt(id: string): Promise<void> {
  if (asked.has(id)) return;
  asked.add(id);
  // Whoever comes by again asks again.
  await lookAgainAt(id).catch(() => asked.delete(id));
}

export async function lookAgainAt(id: string): Promise<void> {
  keep(await ask(api.GET('/v1/red-packets/{packetId}', { params: { path: { packetId: id } } })));
}

export async function grab(id: string): Promise<void> {
  keep(await ask(api.POST('/v1/red-packets/{packetId}/grab', { params: { path: { packetId: id } } })));
}

export function keep(packet: RedPacket): void {
  const before = known.get(packet.id);
  // Of two answers the one with more shares taken is the later one.
  if (!before || before.taken <= packet.taken) known.set(packet.id, packet);
}

chat.on('push', (_, data) => {
  const { redPacket } = (data ?? {}) as { readonly redPacket?: Partial<RedPacket> };
  const before = known.get(redPacket?.id ?? '');
  if (!before || typeof redPacket?.taken !== 'number') return;
  const { taken, state = before.state } = redPacket;
  if (taken >= before.taken) known.set(before.id, { ...before, taken, state });
});

watch(myId, () => {
  known.clear();
  asked.clear();
});
