import fc from 'fast-check';

/** For strings: of every length in UTF-8, and all that JSON escapes. (fast-check's own units take seconds to set up.) */
export const someCharacter: fc.Arbitrary<string> = fc.constantFrom(
  ...[
    'a',
    '7',
    ' ',
    '/',
    '<',
    '"',
    '\\',
    '\n',
    '\0',
    '\x1f',
    '\x7f',
    '\u0080',
    'é',
    'ÿ',
    '\u2028',
    '你',
    '\ufeff',
    '😀',
  ],
);
