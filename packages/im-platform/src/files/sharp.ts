import type Sharp from 'sharp';

let loading: Promise<typeof Sharp> | undefined;

/** Loaded with the first picture: it reads seventy files and its machine code. */
export function loadSharp(): Promise<typeof Sharp> {
  loading ??= import('sharp').then(({ default: sharp }) => {
    // Each image is looked at once.
    sharp.cache(false);
    return sharp;
  });
  return loading;
}
