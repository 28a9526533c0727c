import { cleanUpAtFileEnd } from './cleanup.ts';

cleanUpAtFileEnd();
