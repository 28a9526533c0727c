import 'pdfjs-dist/build/pdf.worker.min.mjs';
import { AnnotationMode, getDocument, type PDFPageProxy } from 'pdfjs-dist';

// Draws the first page of a PDF, in a worker that its page ends when it takes too long. Nothing of a PDF is carried out: pdf.js has no scripts
// without its sandbox, which is not here; no forms, no links, no fonts of the document in the browser's own engine, no WebAssembly.

const longestSide = 640;
const quality = 0.8;
/** Of a picture in it. */
const mostPixels = 2 ** 24;

interface Drawn {
  readonly canvas: OffscreenCanvas | null;
  readonly context: OffscreenCanvasRenderingContext2D | null;
}

/** Also for what pdf.js draws aside: what is too large is not drawn. */
class Canvases {
  create(width: number, height: number): Drawn {
    if (!(width > 0 && height > 0 && width * height <= mostPixels)) throw new Error('too large');
    const canvas = new OffscreenCanvas(width, height);
    return { canvas, context: canvas.getContext('2d', { willReadFrequently: true }) };
  }

  reset({ canvas }: Drawn, width: number, height: number): void {
    if (canvas && width * height <= mostPixels) Object.assign(canvas, { width, height });
  }

  destroy({ canvas }: Drawn): void {
    if (canvas) Object.assign(canvas, { width: 0, height: 0 });
  }
}

/** Filters need a document. */
class NoFilters {
  addFilter = (): string => 'none';
  addHCMFilter = (): string => 'none';
  addAlphaFilter = (): string => 'none';
  addLuminosityFilter = (): string => 'none';
  addKnockoutFilter = (): string => 'none';
  addHighlightHCMFilter = (): string => 'none';
  destroy(): void {
    // Nothing was made.
  }
}

async function draw(data: ArrayBuffer): Promise<Blob> {
  const { promise } = getDocument({
    ...{ data, enableXfa: false, disableFontFace: true, useSystemFonts: false, useWasm: false },
    ...{ useWorkerFetch: false, isEvalSupported: false, stopAtErrors: false, maxImageSize: mostPixels },
    ...{ canvasMaxAreaInBytes: 4 * mostPixels, verbosity: 0, CanvasFactory: Canvases },
    FilterFactory: NoFilters,
  });
  return drawPage(await (await promise).getPage(1));
}

async function drawPage(page: PDFPageProxy): Promise<Blob> {
  const natural = page.getViewport({ scale: 1 });
  const viewport = page.getViewport({ scale: longestSide / Math.max(natural.width, natural.height) });
  const canvas = new OffscreenCanvas(
    Math.max(1, Math.round(viewport.width)),
    Math.max(1, Math.round(viewport.height)),
  );
  const drawn: unknown = canvas;
  await page.render({
    ...{ viewport, canvas: drawn as HTMLCanvasElement, annotationMode: AnnotationMode.DISABLE },
    background: 'white',
  }).promise;
  return canvas.convertToBlob({ type: 'image/jpeg', quality });
}

/** Beside what pdf.js says to itself. */
export interface DrawnPage {
  readonly firstPage: Blob | null;
}

self.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  if (!(data instanceof ArrayBuffer)) return;
  const answer = (firstPage: Blob | null): void => self.postMessage({ firstPage } satisfies DrawnPage);
  draw(data).then(answer, () => answer(null));
});
