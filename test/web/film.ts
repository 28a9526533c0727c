import type { Page } from 'playwright-core';

/** A film that shows one colour. */
export async function film(page: Page): Promise<Buffer> {
  const bytes = await page.evaluate<string>(`(async () => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [320, 180];
    const pen = canvas.getContext('2d');
    const paint = () => {
      pen.fillStyle = 'rgb(0 200 0)';
      pen.fillRect(0, 0, canvas.width, canvas.height);
    };
    // Before anything is recorded: what nobody has painted on is black.
    paint();
    const recorder = new MediaRecorder(canvas.captureStream(10), { mimeType: 'video/webm' });
    const parts = [];
    recorder.ondataavailable = ({ data }) => parts.push(data);
    const isOver = new Promise((resolve) => (recorder.onstop = resolve));
    recorder.start();
    for (let picture = 0; picture < 10; picture += 1) {
      paint();
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    recorder.stop();
    await isOver;
    return btoa(String.fromCharCode(...new Uint8Array(await new Blob(parts).arrayBuffer())));
  })()`);
  return Buffer.from(bytes, 'base64');
}
