// As in package.json, which a test compares. Not read from there: a library that is bundled, or made CommonJS by jest, has no place of its own.
export const version = '0.0.0';
