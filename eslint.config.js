import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import vue from 'eslint-plugin-vue';
import tseslint from 'typescript-eslint';

// What oxlint (.oxlintrc.json) does not read: the templates of Vue. Types are the business of vue-tsc.
export default defineConfig(globalIgnores(['**/dist/', '**/*.{js,cjs,mjs,ts,tsx}']), {
  files: ['**/*.vue'],
  linterOptions: { reportUnusedDisableDirectives: 'error' },
  extends: [js.configs.recommended, tseslint.configs.strict, vue.configs['flat/essential']],
  languageOptions: { parserOptions: { parser: tseslint.parser } },
  rules: {
    eqeqeq: ['error', 'always', { null: 'ignore' }],
    'no-undef': 'off',
    'vue/block-lang': ['error', { script: { lang: 'ts' } }],
    'vue/component-api-style': ['error', ['script-setup']],
    'vue/no-v-html': 'error',
  },
});
