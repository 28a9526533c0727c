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

await Promise.all([loadLanguage(), goOn()]);
createApp(App).use(i18n).use(router).mount('#app');
registerWorker();
