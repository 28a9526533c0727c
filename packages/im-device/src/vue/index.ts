// `im-device/vue`: a device as composables of Vue 3, one for all components, for their `setup`.
import { onMounted, shallowRef, toRaw, toValue, watch, type MaybeRefOrGetter, type ShallowRef } from 'vue';
import type { Device } from '../device.ts';
import type { DeviceEvents, DeviceMessage, DeviceState, MessageTypes } from '../events.ts';
import { offline, type AnyDevice, type Attach, type SharedDevice } from '../shared/shared-device.ts';
import type { ReloadHandler, Topics } from '../topics/index.ts';
import type { RequestHandler, Uplinks } from '../uplink/index.ts';

export { sharedDevice } from '../shared/shared-device.ts';
export type { AnyDevice, SharedDevice, SharedDeviceOptions } from '../shared/shared-device.ts';

/** How the device is, now and after each change. */
export function useStatus(shared: MaybeRefOrGetter<SharedDevice>): Readonly<ShallowRef<DeviceState>> {
  const state = shallowRef(offline);
  whileMounted(shared, (device) => {
    const show = (): void => void (state.value = device.state);
    show();
    return device.on('state', show);
  });
  return state;
}

/** Calls the handler with each message. Once it has returned, and its promise is resolved, the message counts as taken. */
export function useMessages<Types extends MessageTypes>(
  shared: MaybeRefOrGetter<SharedDevice<Device<Types>>>,
  handler: (message: DeviceMessage<Types>) => unknown,
): void {
  whileMounted(shared, (device) => device.on('message', handler));
}

/** Calls the handler with each event of this name, such as `kicked`. */
export function useDeviceEvent<Types extends MessageTypes, Name extends keyof DeviceEvents<Types>>(
  shared: MaybeRefOrGetter<SharedDevice<Device<Types>>>,
  name: Name,
  handler: DeviceEvents<Types>[Name],
): void {
  whileMounted(shared, (device) => device.on(name, handler));
}

/** The topics that the user is in, of a device with `withTopics`. */
export function useTopics(
  shared: MaybeRefOrGetter<SharedDevice<AnyDevice & Topics>>,
): Readonly<ShallowRef<ReadonlySet<string>>> {
  const topics = shallowRef<ReadonlySet<string>>(new Set());
  whileMounted(shared, (device) => {
    const show = (): void => void (topics.value = new Set(device.topics));
    show();
    return device.onTopics(show);
  });
  return topics;
}

/** Calls the handler for each topic that is to be loaded anew, of a device with `withTopics`. */
export function useReload(
  shared: MaybeRefOrGetter<SharedDevice<AnyDevice & Topics>>,
  handler: ReloadHandler,
): void {
  whileMounted(shared, (device) => device.onReload(handler));
}

/** Answers what backends ask, of a device with `withUplink`. */
export function useRequests(
  shared: MaybeRefOrGetter<SharedDevice<AnyDevice & Uplinks>>,
  handler: RequestHandler,
): void {
  whileMounted(shared, (device) => device.onRequest(handler));
}

/** Not before it is mounted, which on a server it never is. A getter may come to another device. */
function whileMounted<Some extends AnyDevice>(
  shared: MaybeRefOrGetter<SharedDevice<Some>>,
  attach: Attach<Some>,
): void {
  onMounted(() =>
    watch(
      // Whoever has put it into something reactive means the same.
      () => toRaw(toValue(shared)),
      (current, _, onCleanup) => onCleanup(current.use(attach)),
      { immediate: true, flush: 'sync' },
    ),
  );
}
