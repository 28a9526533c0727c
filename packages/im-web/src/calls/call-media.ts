import type { Call } from 'im-chat';
import { shallowReactive, watch } from 'vue';
import { api, ask } from '../chat/api.ts';
import { chat } from '../chat/chat.ts';
import { attempt } from '../parts/toasts.ts';
import { call } from './call.ts';
import { openCamera, openDevices, openScreen } from './devices.ts';
import { Line, type LineState } from './line.ts';

interface Media {
  line: LineState;
  /** My picture, when there is one. */
  own: MediaStream | undefined;
  /** What comes from the other end. */
  other: MediaStream;
  otherHasPicture: boolean;
  isMuted: boolean;
  isCameraOn: boolean;
  isSharing: boolean;
}

/** What is seen and heard of the call, and what can be switched. */
export const media = shallowReactive<Media>({
  ...{ line: 'connecting', own: undefined, other: new MediaStream(), otherHasPicture: false },
  ...{ isMuted: false, isCameraOn: false, isSharing: false },
});

interface Open {
  readonly devices: MediaStream;
  readonly line: Line;
  /** What stops what comes from the platform. */
  letGo: () => void;
  camera: MediaStreamTrack | undefined;
  screen: MediaStreamTrack | undefined;
}

let open: Open | undefined;

/** Calls somebody. */
export async function begin(userId: string, mode: Call['mode']): Promise<void> {
  await attempt(() =>
    chat.calls.call(userId, mode, async () => {
      const { line } = await openLine({ mode, isPolite: false });
      const offer = await line.offer();
      listen();
      return offer;
    }),
  );
  closeIfOver();
}

/** Takes the call that rings. */
export async function take(): Promise<void> {
  const ringing = call.value;
  if (ringing.kind !== 'ringing') return;
  await attempt(() =>
    chat.calls.accept(async (offer) => {
      const { line } = await openLine({ mode: ringing.call.mode, isPolite: true });
      const answer = await line.answer(offer);
      listen();
      return answer;
    }),
  );
  closeIfOver();
}

export function hangUp(): void {
  void attempt(() => chat.calls.end());
}

export function toggleMute(): void {
  media.isMuted = !media.isMuted;
  for (const track of open?.devices.getAudioTracks() ?? []) track.enabled = !media.isMuted;
}

/** Off, the lamp of the camera is off, too. */
export async function toggleCamera(): Promise<void> {
  const current = open;
  if (!current) return;
  if (current.camera) {
    current.camera.stop();
    current.camera = undefined;
  } else {
    const camera = await openCamera();
    if (open !== current) camera?.stop();
    else current.camera = camera;
  }
  await showPicture();
}

export async function toggleScreen(): Promise<void> {
  const current = open;
  if (!current) return;
  if (current.screen) {
    current.screen.stop();
    current.screen = undefined;
  } else {
    const screen = await openScreen();
    if (open !== current) screen?.stop();
    else current.screen = screen;
    // The browser has a button of its own.
    screen?.addEventListener('ended', () => {
      current.screen = undefined;
      void showPicture();
    });
  }
  await showPicture();
}

async function openLine(how: { readonly mode: Call['mode']; readonly isPolite: boolean }): Promise<Open> {
  close();
  const { items } = await ask(api.GET('/v1/ice-servers'));
  const devices = await openDevices(how.mode);
  const line = new Line({
    ...{ ...how, devices },
    iceServers: items.map(({ urls, username, credential }) => ({
      urls,
      ...(username !== null && { username }),
      ...(credential !== null && { credential }),
    })),
    send: (signal) => chat.calls.signal(signal),
    onTrack: hearOther,
    onPicture: (isShown) => (media.otherHasPicture = isShown),
    onState: (state) => (media.line = state),
    onFailed: () => void attempt(() => chat.calls.end('failed')),
  });
  open = { devices, line, letGo: () => undefined, camera: devices.getVideoTracks()[0], screen: undefined };
  await showPicture();
  return open;
}

function listen(): void {
  if (open) open.letGo = chat.calls.onSignal((signal) => open?.line.take(signal));
}

function hearOther(track: MediaStreamTrack): void {
  media.other.addTrack(track);
  if (track.kind !== 'video') return;
  const tell = (): void => void (media.otherHasPicture = !track.muted);
  track.onmute = track.onunmute = tell;
  tell();
}

async function showPicture(): Promise<void> {
  if (!open) return;
  const { camera, screen, line } = open;
  const picture = screen ?? camera;
  media.isCameraOn = camera !== undefined;
  media.isSharing = screen !== undefined;
  media.own = picture && new MediaStream([picture]);
  await line.show(picture ?? null);
}

function close(): void {
  if (open) {
    open.letGo();
    open.line.close();
    for (const track of [...open.devices.getTracks(), open.camera, open.screen]) track?.stop();
    open = undefined;
  }
  Object.assign(media, { line: 'connecting', own: undefined, other: new MediaStream() });
  Object.assign(media, { otherHasPicture: false, isMuted: false, isCameraOn: false, isSharing: false });
}

function closeIfOver(): void {
  if (call.value.kind !== 'calling' && call.value.kind !== 'talking') close();
}

watch(call, ({ kind }) => {
  if (kind === 'none' || kind === 'over') close();
});
// What is not hung up rings on at the other end.
addEventListener('pagehide', () => {
  if (call.value.kind === 'calling' || call.value.kind === 'talking') void chat.calls.end();
});
