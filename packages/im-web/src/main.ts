import './look/tokens.css';
import './look/base.css';
import './look/theme.ts';
import { createApp } from 'vue';
import App from './App.vue';
import { goOn } from './chat/chat.ts';
import { registerWorker } from './offline/register.ts';
import { router } from './router.ts';
import './routes.ts';
import { i18n, loadLanguage } from './text/i18n.ts';

// Not awaited at the top: a part that is loaded meanwhile imports from the file in which this stands, and would wait for its end.
async function open(): Promise<void> {
  await Promise.all([loadLanguage(), goOn()]);
  createApp(App).use(i18n).use(router).mount('#app');
  registerWorker();
}

void open();
