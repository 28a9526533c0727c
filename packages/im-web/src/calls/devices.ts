import { t } from '../text/i18n.ts';

/** Microphone and, if there is one, camera. Nobody is kept from a video call who has none. */
export async function openDevices(mode: 'voice' | 'video'): Promise<MediaStream> {
  const audio = { echoCancellation: true, noiseSuppression: true };
  try {
    if (mode === 'video')
      return await navigator.mediaDevices
        .getUserMedia({ audio, video: cameraWish })
        .catch(async (error: unknown) => {
          if ((error as DOMException).name === 'NotAllowedError') throw error;
          return navigator.mediaDevices.getUserMedia({ audio });
        });
    return await navigator.mediaDevices.getUserMedia({ audio });
  } catch {
    throw new Error(t('noMicrophone'));
  }
}

const cameraWish = { width: { ideal: 1280 }, height: { ideal: 720 } };

export async function openCamera(): Promise<MediaStreamTrack | undefined> {
  const stream = await navigator.mediaDevices.getUserMedia({ video: cameraWish }).catch(() => undefined);
  return stream?.getVideoTracks()[0];
}

/** Undefined: nothing was chosen. */
export async function openScreen(): Promise<MediaStreamTrack | undefined> {
  const stream = await navigator.mediaDevices.getDisplayMedia({ video: true }).catch(() => undefined);
  return stream?.getVideoTracks()[0];
}
