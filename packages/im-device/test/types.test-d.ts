import { createDevice, type Device, type DeviceError, type DeviceMessage, type DeviceState } from 'im-device';
import { sharedDevice, useDeviceEvent, useMessages, useTopics } from 'im-device/react';
import { withTopics } from 'im-device/topics';
import { withUplink } from 'im-device/uplink';
import * as vue from 'im-device/vue';
import { expectTypeOf, test } from 'vitest';

interface Chat {
  readonly text: string;
}

declare const device: Device<{ private: Chat; system: number }>;

test('data has the type that was given for its kind, and is unknown where none was', () => {
  device.on('message', (message) => {
    if (message.kind === 'private') expectTypeOf(message.data).toEqualTypeOf<Chat>();
    if (message.kind === 'system') expectTypeOf(message.data).toEqualTypeOf<number>();
    if (message.kind === 'group') expectTypeOf(message.data).toEqualTypeOf<unknown>();
  });
  expectTypeOf(device).toExtend<AsyncIterable<DeviceMessage<{ private: Chat; system: number }>>>();
});

test('a state says what belongs to it', () => {
  device.on('state', (state) => {
    expectTypeOf(state).toEqualTypeOf<DeviceState>();
    if (state.kind === 'waiting') expectTypeOf(state.ms).toEqualTypeOf<number>();
    if (state.kind === 'kicked') expectTypeOf(state.by).toEqualTypeOf<string>();
    // @ts-expect-error -- only a wait has a length
    expectTypeOf(state.ms).toBeAny();
  });
  device.on('kicked', (by, why) => {
    expectTypeOf(by).toEqualTypeOf<string>();
    expectTypeOf(why).toEqualTypeOf<'elsewhere' | 'occupied' | 'ended' | undefined>();
  });
  device.on('unreachable', ({ status }) => expectTypeOf(status).toEqualTypeOf<number | undefined>());
  device.on('error', (error) => expectTypeOf(error).toEqualTypeOf<DeviceError>());
});

test('names of events, options and answers are checked', () => {
  // @ts-expect-error -- no such event
  device.on('mesage', () => undefined);
  // @ts-expect-error -- a token is needed
  createDevice({ url: 'ws://x' });
  // @ts-expect-error -- a token is text
  createDevice({ url: 'ws://x', token: () => 5 });
});

test('components know what is in a message of the device that they share', () => {
  const shared = sharedDevice(() => withTopics(withUplink(device)));
  const look = (message: DeviceMessage<{ private: Chat; system: number }>): void => {
    if (message.kind === 'private') expectTypeOf(message.data).toEqualTypeOf<Chat>();
  };
  useMessages(shared, (message) => {
    expectTypeOf(message).toEqualTypeOf<DeviceMessage<{ private: Chat; system: number }>>();
  });
  vue.useMessages(shared, (message) => {
    expectTypeOf(message).toEqualTypeOf<DeviceMessage<{ private: Chat; system: number }>>();
  });
  vue.useMessages(() => shared, look);
  useDeviceEvent(shared, 'kicked', (by) => expectTypeOf(by).toEqualTypeOf<string>());
  expectTypeOf(useTopics(shared)).toEqualTypeOf<ReadonlySet<string>>();
  // @ts-expect-error -- it knows no topics
  useTopics(sharedDevice(() => device));
});
