import type { SmallPicture } from './small-picture.ts';

/** What is shown of where a link leads. */
export interface LinkPreview {
  readonly title: string | null;
  readonly description: string | null;
  readonly picture: SmallPicture | null;
}
