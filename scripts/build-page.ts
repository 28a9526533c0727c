// The page that im-platform serves at `/`, beside the compiled sources, so that it is published with them.
import { bundlePage } from './bundle-page.ts';

console.log(`im-platform's page: ${await bundlePage()}`);
