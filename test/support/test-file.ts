import { cleanUpAtFileEnd } from './cleanup.ts';
import { noteCosts } from './costs.ts';

// What is registered last runs first: what is stopped at the end of a file is among its costs.
noteCosts();
cleanUpAtFileEnd();
