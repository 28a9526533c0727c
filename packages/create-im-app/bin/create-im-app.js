#!/usr/bin/env node
/* global console, process, URL */
// Here also before the first build, as npm links programs while it installs.
import { existsSync } from 'node:fs';

const program = new URL('../dist/main.js', import.meta.url);
if (existsSync(program)) {
  await import(program.href);
} else {
  console.error('create-im-app is not built yet. In a clone of the repository: npm run build');
  process.exitCode = 1;
}
