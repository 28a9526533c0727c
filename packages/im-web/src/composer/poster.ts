const longestSide = 640;
const quality = 0.8;
/** What a browser cannot play says so, or nothing at all. */
const patienceMs = 4_000;

const posters = new WeakMap<Blob, Blob>();

/** The picture that was made of a film. */
export function posterOf(film: Blob): Blob | undefined {
  return posters.get(film);
}

/** A picture of what a film shows near its beginning, so that nobody has to load it to see what it is about; none of what is no film here. */
export async function makePoster(film: Blob): Promise<void> {
  if (!film.type.startsWith('video/')) return;
  const url = URL.createObjectURL(film);
  const video = document.createElement('video');
  try {
    Object.assign(video, { muted: true, playsInline: true, preload: 'auto', src: url });
    await once(video, 'loadeddata');
    const { duration } = video;
    // The very first picture is often black. What was just recorded does not say how long it is.
    video.currentTime = Number.isFinite(duration) ? Math.min(1, duration / 10) : 0.001;
    await once(video, 'seeked');
    const poster = await draw(video);
    if (poster) posters.set(film, poster);
  } catch {
    // It is sent without one.
  } finally {
    video.removeAttribute('src');
    video.load();
    URL.revokeObjectURL(url);
  }
}

function once(video: HTMLVideoElement, name: 'loadeddata' | 'seeked'): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (): void => reject(new Error('the film shows nothing'));
    video.addEventListener(name, () => resolve(), { once: true });
    video.addEventListener('error', fail, { once: true });
    setTimeout(fail, patienceMs);
  });
}

async function draw(video: HTMLVideoElement): Promise<Blob | null> {
  const { videoWidth: width, videoHeight: height } = video;
  const scale = Math.min(1, longestSide / Math.max(width, height, 1));
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width: Math.round(width * scale), height: Math.round(height * scale) });
  canvas.getContext('2d')?.drawImage(video, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', quality));
}
