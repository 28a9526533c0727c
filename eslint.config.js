import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import vue from 'eslint-plugin-vue';
import tseslint from 'typescript-eslint';

export default defineConfig(
  // The client's types are as their generator leaves them.
  globalIgnores([
    '**/dist/',
    '**/coverage/',
    '**/data/',
    'packages/im-platform/src/client/generated-types.ts',
    // Projects of others, which test/packed compiles.
    'packages/create-im-app/templates/',
  ]),
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    extends: [js.configs.recommended],
    rules: {
      // `== null` is the short way to say null or undefined.
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      // `export { x as default }` counts too: a default export has no name to search for.
      'no-restricted-exports': [
        'error',
        { restrictDefaultExports: { direct: true, named: true, defaultFrom: true, namedFrom: true } },
      ],
    },
  },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked],
    // One program over every file of the repository, sources and tests alike, with packages resolved to their source.
    languageOptions: {
      parserOptions: { project: './tsconfig.check.json', tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      // `const { secret: _, ...rest }` is how a member is left out.
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      // A number prints as anyone expects.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // `() => clearTimeout(timer)` hides nothing.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // `while (true)` is how a loop that only a signal ends is written.
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      // `async` without `await` is how a method that promises a promise never throws at its caller instead.
      '@typescript-eslint/require-await': 'off',
      // A class with a decorator may live for its decorators alone.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
    },
  },
  {
    // NestJS has the decorators of old.
    files: ['packages/im-nest/test/**/*.ts', 'examples/nest/**/*.ts', 'test/packed/users/nest.ts'],
    languageOptions: {
      parserOptions: { project: './tsconfig.legacy.json', tsconfigRootDir: import.meta.dirname },
    },
    // Options of NestJS are classes by their types, and objects by its documentation.
    rules: { '@typescript-eslint/no-unsafe-class-instance-assignment': 'off' },
  },
  {
    // A page knows the DOM, and nothing of Node.
    files: ['packages/im-web/src/**/*.ts'],
    languageOptions: {
      parserOptions: { project: './packages/im-web/tsconfig.json', tsconfigRootDir: import.meta.dirname },
    },
  },
  {
    // vue-tsc knows their types; here is what it does not look at.
    files: ['**/*.vue'],
    extends: [tseslint.configs.strict, vue.configs['flat/essential']],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
    rules: {
      'no-undef': 'off',
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
      'vue/component-api-style': ['error', ['script-setup']],
      'vue/no-v-html': 'error',
    },
  },
  {
    files: ['packages/*/test/**/*.ts', 'test/**/*.ts'],
    rules: {
      // A value that is missing after all fails the test on that very line.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // `expect(object.method)` looks at a method and does not call it.
      '@typescript-eslint/unbound-method': 'off',
      // A listener that does nothing is a fair thing to hand in.
      '@typescript-eslint/no-empty-function': 'off',
    },
  },
  {
    // Tools look for the default export of their config file.
    files: [
      '**/*.config.{js,ts}',
      '.dependency-cruiser.js',
      'packages/im-web/src/vue.d.ts',
      'tools/site/.vitepress/**/*.js',
    ],
    rules: { 'no-restricted-exports': 'off' },
  },
);
