import type { Feature } from 'im-common/internal/bus';

/** What this server can do that servers before it could not (P-5.11). */
export const features: readonly Feature[] = ['keep'];
