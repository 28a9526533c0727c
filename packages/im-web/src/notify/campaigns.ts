import { onScopeDispose } from 'vue';
import { api, ask } from '../chat/api.ts';
import { chat } from '../chat/chat.ts';
import { say } from '../parts/toasts.ts';
import { router } from '../router.ts';
import { t } from '../text/i18n.ts';

// What the platform tells many at once (docs/campaigns.md): shown for a while to who is here.

interface Campaign {
  readonly id: string;
  readonly title: string;
  readonly body: string;
  readonly url: string | null;
}

/** As the platform numbers what it pushes. */
const campaignType = 63;
/** Where a notification of one leads that the service worker has shown. */
const queryName = 'campaign';

export function hearCampaigns(): void {
  onScopeDispose(
    chat.on('push', (_kind, data) => {
      const { type, campaign } = (data ?? {}) as { readonly type?: number; readonly campaign?: Campaign };
      if (type === campaignType && campaign) show(campaign);
    }),
  );
  onScopeDispose(
    router.afterEach(({ query }) => {
      const id = query[queryName];
      if (typeof id !== 'string') return;
      opened(id);
      void router.replace({ query: {} });
    }),
  );
}

function show({ id, title, body, url }: Campaign): void {
  const deed = {
    name: t('open'),
    act() {
      opened(id);
      if (url !== null) window.open(url, '_blank', 'noopener,noreferrer');
    },
  };
  say(`${title}: ${body}`, false, url === null ? undefined : deed);
}

/** For the report alone: whether it is heard is nobody's worry here. */
function opened(campaignId: string): void {
  const params = { path: { campaignId } };
  ask(api.POST('/v1/campaigns/{campaignId}/opened', { params })).catch((error: unknown) =>
    console.warn(error),
  );
}
