import { randomBytes } from 'node:crypto';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { withoutMetadata } from '../src/files/metadata/without-metadata.ts';

/** Found anywhere in the bytes it tells on somebody. */
const secret = 'SECRET-PLACE';

const exif = {
  IFD0: { Copyright: secret, Artist: secret },
  IFD3: { GPSLatitude: '51/1 30/1 0/1', GPSLatitudeRef: 'N', GPSMapDatum: secret },
};
const xmp = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="${secret}"/></rdf:RDF></x:xmpmeta>`;

function noise(width = 60, height = 40): Sharp {
  return sharp(randomBytes(width * height * 3), { raw: { width, height, channels: 3 } });
}

/** No two of its corners are alike. */
function quarters(): Sharp {
  const [width, height] = [60, 40];
  const colours = ['ff0000', '00ff00', '0000ff', '808080'].map((hex) => Buffer.from(hex, 'hex'));
  const bytes = Array.from({ length: width * height }, (_, index) => {
    const [x, y] = [index % width, Math.floor(index / width)];
    return colours[Number(x >= width / 2) + 2 * Number(y >= height / 2)] ?? Buffer.alloc(3);
  });
  return sharp(Buffer.concat(bytes), { raw: { width, height, channels: 3 } });
}

function animation(): Sharp {
  const [width, height, pages] = [20, 10, 3];
  return sharp(randomBytes(width * height * pages * 3), {
    raw: { width, height: height * pages, channels: 3, pageHeight: height },
  });
}

/** What is seen: every pixel of every page, upright, in the colours of its profile. */
async function pixels(bytes: Buffer): Promise<Buffer> {
  return sharp(bytes, { animated: true }).autoOrient().raw().toBuffer();
}

/** A segment that JPEG lets applications add. */
function segment(marker: number, content: string): Buffer {
  const head = Buffer.of(0xff, marker, 0, 0);
  head.writeUInt16BE(content.length + 2, 2);
  return Buffer.concat([head, Buffer.from(content, 'latin1')]);
}

function after(bytes: Buffer, at: number, ...added: Buffer[]): Buffer {
  return Buffer.concat([bytes.subarray(0, at), ...added, bytes.subarray(at)]);
}

const full = (picture: Sharp): Sharp => picture.withExif(exif).withXmp(xmp).withIccProfile('p3');

const pictures: readonly (readonly [name: string, extension: string, make: () => Promise<Buffer>])[] = [
  ['a JPEG', 'jpg', () => full(noise()).jpeg().toBuffer()],
  ['a progressive JPEG', 'jpg', () => full(noise()).jpeg({ progressive: true }).toBuffer()],
  [
    'a JPEG with comments, IPTC, a preview and a film behind it',
    'jpg',
    async () => {
      const plain = await noise().jpeg().toBuffer();
      const added = [
        segment(0xfe, secret),
        segment(0xed, `Photoshop 3.0\0${secret}`),
        segment(0xe2, `MPF\0${secret}`),
      ];
      return Buffer.concat([after(plain, 2, ...added), plain, Buffer.from(secret)]);
    },
  ],
  ['a PNG', 'png', () => full(noise()).png().toBuffer()],
  [
    'a PNG with something behind it',
    'png',
    async () => Buffer.concat([await noise().png({ palette: true }).toBuffer(), Buffer.from(secret)]),
  ],
  ['a WebP', 'webp', () => full(noise()).webp().toBuffer()],
  ['a WebP without loss', 'webp', () => full(noise()).webp({ lossless: true }).toBuffer()],
  ['a moving WebP', 'webp', () => full(animation()).webp({ lossless: true }).toBuffer()],
  [
    'a moving GIF',
    'gif',
    async () => {
      const gif = await animation().gif({ loop: 3 }).toBuffer();
      const comment = Buffer.concat([
        Buffer.of(0x21, 0xfe, secret.length),
        Buffer.from(secret),
        Buffer.of(0),
      ]);
      return Buffer.concat([after(gif, gif.indexOf(Buffer.of(0x21, 0xf9)), comment), Buffer.from(secret)]);
    },
  ],
];

async function clean(bytes: Buffer, extension: string): Promise<Buffer> {
  const { orientation = 1 } = await sharp(bytes).metadata();
  return withoutMetadata({ bytes, extension, orientation }, {});
}

describe('a picture without its metadata', () => {
  it.each(pictures)('looks the same: %s', async (_name, extension, make) => {
    const bytes = await make();

    const cleaned = await clean(bytes, extension);

    const [before, now] = [await sharp(bytes).metadata(), await sharp(cleaned).metadata()];
    expect(cleaned.includes(secret)).toBe(false);
    expect([now.exif, now.xmp, now.iptc, now.comments]).toEqual([undefined, undefined, undefined, undefined]);
    expect(now.icc).toEqual(before.icc);
    expect(now).toMatchObject({ format: before.format, width: before.width, height: before.height });
    expect([now.pages, now.loop, now.delay]).toEqual([before.pages, before.loop, before.delay]);
    expect((await pixels(cleaned)).equals(await pixels(bytes))).toBe(true);
    expect(cleaned.length).toBeLessThanOrEqual(bytes.length);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('stands upright when its orientation is %i', async (orientation) => {
    for (const [extension, format] of [
      ['jpg', 'jpeg'],
      ['png', 'png'],
      ['webp', 'webp'],
    ] as const) {
      const bytes = await quarters()
        .withExif(exif)
        .withMetadata({ orientation })
        .toFormat(format, { quality: 95 })
        .toBuffer();

      const cleaned = await clean(bytes, extension);

      expect(cleaned.includes(secret)).toBe(false);
      const [before, now] = [await pixels(bytes), await pixels(cleaned)];
      expect(now.length).toBe(before.length);
      const off = before.reduce((sum, value, index) => sum + Math.abs(value - (now[index] ?? 0)), 0);
      expect(off / before.length, extension).toBeLessThan(3);
    }
  });

  it('is made of every beginning of a picture, or refused, and of every broken one', async () => {
    for (const [, extension, make] of pictures) {
      const bytes = await make();
      for (let round = 0; round < 60; round++) {
        const broken = Buffer.from(bytes.subarray(0, 1 + Math.floor(Math.random() * bytes.length)));
        for (let flips = 0; flips < round % 4; flips++)
          broken[Math.floor(Math.random() * broken.length)] = Math.floor(Math.random() * 256);
        // Resolves or rejects, and does not hang.
        const cleaned = await withoutMetadata({ bytes: broken, extension, orientation: 1 }, {}).catch(
          (error: unknown) => {
            expect(error).toBeInstanceOf(Error);
            return Buffer.alloc(0);
          },
        );
        expect(cleaned.length).toBeLessThan(bytes.length * 20);
      }
    }
  });
});
