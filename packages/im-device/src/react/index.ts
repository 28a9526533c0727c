// `im-device/react`: a device as hooks of React, one for all components, which may come and go twice as StrictMode does it.
import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { Device } from '../device.ts';
import type { DeviceEvents, DeviceMessage, DeviceState, MessageTypes } from '../events.ts';
import { offline, type AnyDevice, type SharedDevice } from '../shared/shared-device.ts';
import type { ReloadHandler, Topics } from '../topics/index.ts';
import type { RequestHandler, Uplinks } from '../uplink/index.ts';

export { sharedDevice } from '../shared/shared-device.ts';
export type { AnyDevice, SharedDevice, SharedDeviceOptions } from '../shared/shared-device.ts';

/** How the device is, now and after each change. */
export function useStatus(shared: SharedDevice): DeviceState {
  const subscribe = useCallback(
    (changed: () => void) =>
      shared.use((device) => {
        changed(); // it may be another one than before
        return device.on('state', changed);
      }),
    [shared],
  );
  return useSyncExternalStore(
    subscribe,
    () => shared.state,
    () => offline,
  );
}

/** Calls the newest handler with each message. Once it has returned, and its promise is resolved, the message counts as taken. */
export function useMessages<Types extends MessageTypes>(
  shared: SharedDevice<Device<Types>>,
  handler: (message: DeviceMessage<Types>) => unknown,
): void {
  useHandler(shared, handler, (device, call) => device.on('message', call));
}

/** Calls the newest handler with each event of this name, such as `kicked`. */
export function useDeviceEvent<Types extends MessageTypes, Name extends keyof DeviceEvents<Types>>(
  shared: SharedDevice<Device<Types>>,
  name: Name,
  handler: DeviceEvents<Types>[Name],
): void {
  useHandler(shared, handler, (device, call) => device.on(name, call), name);
}

/** The topics that the user is in, of a device with `withTopics`. */
export function useTopics(shared: SharedDevice<AnyDevice & Topics>): ReadonlySet<string> {
  const [topics, setTopics] = useState<ReadonlySet<string>>(none);
  useEffect(
    () =>
      shared.use((device) => {
        const show = (): void => setTopics(new Set(device.topics));
        show();
        return device.onTopics(show);
      }),
    [shared],
  );
  return topics;
}

/** Calls the newest handler for each topic that is to be loaded anew, of a device with `withTopics`. */
export function useReload(shared: SharedDevice<AnyDevice & Topics>, handler: ReloadHandler): void {
  useHandler(shared, handler, (device, call) => device.onReload(call));
}

/** Answers with the newest handler what backends ask, of a device with `withUplink`. */
export function useRequests(shared: SharedDevice<AnyDevice & Uplinks>, handler: RequestHandler): void {
  useHandler(shared, handler, (device, call) => device.onRequest(call));
}

const none: ReadonlySet<string> = new Set();

function useHandler<Some extends AnyDevice, Handler extends (...values: never[]) => unknown>(
  shared: SharedDevice<Some>,
  handler: Handler,
  on: (device: Some, call: Handler) => () => void,
  name?: string,
): void {
  const newest = useRef(handler);
  useEffect(() => {
    newest.current = handler;
  });
  useEffect(() => {
    const call = ((...values) => newest.current(...values)) as Handler; // it takes and gives the same
    return shared.use((device) => on(device, call));
  }, [shared, name]);
}
