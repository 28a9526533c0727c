/** It is not built as its format demands, so nobody can say what of it is the picture. */
export class Malformed extends Error {}
