// The page in Vue: its components have one connection. In .vue files the setup is the same.
import { createDevice } from 'im-device';
import { withTopics } from 'im-device/topics';
import { withUplink } from 'im-device/uplink';
import { sharedDevice, useMessages, useStatus, useTopics } from 'im-device/vue';
import { createApp, defineComponent, inject, ref, type InjectionKey } from 'vue';
import { shop, type Ordered, type Pushed } from './wire.ts';

/** Of this user; another one has another. It connects with the first component that uses it. */
function pushTo(page: URL) {
  const token = async () => (await fetch(`/token${page.search}`)).text();
  const url = `${page.origin.replace('http', 'ws')}/im`;
  return sharedDevice(() => withTopics(withUplink(createDevice<Pushed>({ url, token }))));
}

const pushKey: InjectionKey<ReturnType<typeof pushTo>> = Symbol('push');

function usePush(): ReturnType<typeof pushTo> {
  const push = inject(pushKey);
  if (!push) throw new Error('Nobody has provided the connection.');
  return push;
}

const PushStatus = defineComponent({
  setup() {
    const push = usePush();
    return { status: useStatus(push), topics: useTopics(push) };
  },
  template: `<p>{{ status.kind }}, and hears of {{ [...topics].join(', ') || 'nothing' }}</p>`,
});

const OrderTea = defineComponent({
  setup() {
    const push = usePush();
    const said = ref('');
    const order = async () => {
      const { cups } = await push.device.request<Ordered>(shop, { order: 'tea' });
      said.value = `ordered: ${cups}`;
    };
    return { order, said };
  },
  template: `<p><button @click="order">Order tea</button> {{ said }}</p>`,
});

const PushNotices = defineComponent({
  setup() {
    const notices = ref<string[]>([]);
    useMessages(usePush(), ({ kind, data }) => {
      if (kind === 'private') notices.value.push(data.text);
    });
    return { notices };
  },
  template: `<ul><li v-for="(text, index) of notices" :key="index">{{ text }}</li></ul>`,
});

const ShopPage = defineComponent({
  components: { PushStatus, OrderTea, PushNotices },
  setup: () => ({ isOpen: ref(true) }),
  template: `
    <button @click="isOpen = !isOpen">{{ isOpen ? 'Leave' : 'Come back' }}</button>
    <template v-if="isOpen"><PushStatus /><OrderTea /><PushNotices /></template>
  `,
});

export function mount(element: Element, page: URL): void {
  createApp(ShopPage).provide(pushKey, pushTo(page)).mount(element);
}
