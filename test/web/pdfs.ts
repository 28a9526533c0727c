import { deflateSync } from 'node:zlib';

/** A PDF of these objects, the first of which is its catalogue. */
function pdfOf(objects: readonly (string | Buffer)[]): Buffer {
  const pieces: Buffer[] = [Buffer.from('%PDF-1.7\n')];
  const offsets: number[] = [];
  for (const [index, object] of objects.entries()) {
    offsets.push(pieces.reduce((sum, piece) => sum + piece.length, 0));
    pieces.push(Buffer.from(`${index + 1} 0 obj\n`), Buffer.from(object), Buffer.from('\nendobj\n'));
  }
  const from = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const lines = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  const end = `trailer << /Size ${size} /Root 1 0 R >>\nstartxref\n${from}\n%%EOF`;
  return Buffer.concat([...pieces, Buffer.from(`xref\n0 ${size}\n0000000000 65535 f \n${lines}${end}`)]);
}

function stream(content: Buffer | string, about = ''): Buffer {
  const packed = deflateSync(content);
  const head = `<< ${about} /Length ${packed.length} /Filter /FlateDecode >>\nstream\n`;
  return Buffer.concat([Buffer.from(head), packed, Buffer.from('\nendstream')]);
}

function pages(box: string, resources: string, catalog = ''): string[] {
  return [
    `<< /Type /Catalog /Pages 2 0 R ${catalog} >>`,
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    `<< /Type /Page /Parent 2 0 R /MediaBox [${box}] /Contents 4 0 R /Resources << ${resources} >> >>`,
  ];
}

const script =
  '/OpenAction << /S /JavaScript /JS (app.alert\\(1\\); this.submitForm\\("http://127.0.0.1:9/"\\)) >>';
const form = '/Type /XObject /Subtype /Form /BBox [0 0 100 100]';
/** Each draws the next one ten times. */
const depth = 12;

export const pdfs: Readonly<Record<string, Buffer>> = {
  'red.pdf': pdfOf([...pages('0 0 200 100', '', script), stream('1 0 0 rg 0 0 200 100 re f')]),
  'torn.pdf': Buffer.from('%PDF-1.7\n1 0 obj << /Type'),
  'wide.pdf': pdfOf([...pages('0 0 1e30 -7', ''), stream('0 0 1 1 re f')]),
  'bomb.pdf': pdfOf([...pages('0 0 200 100', ''), stream(Buffer.alloc(100_000_000, ' '))]),
  'endless.pdf': pdfOf([
    ...pages('0 0 200 100', '/XObject << /F 5 0 R >>'),
    stream('/F Do'),
    ...Array.from({ length: depth }, (_, index) =>
      stream('/F Do '.repeat(10), `${form} /Resources << /XObject << /F ${6 + index} 0 R >> >>`),
    ),
    stream('0 0 50 50 re f', form),
  ]),
};
