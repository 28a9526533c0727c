// The page in React. StrictMode mounts each component twice, and all of them have one connection.
import { createDevice } from 'im-device';
import { sharedDevice, useMessages, useStatus, useTopics } from 'im-device/react';
import { withTopics } from 'im-device/topics';
import { withUplink } from 'im-device/uplink';
import { StrictMode, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { shop, type Ordered, type Pushed } from './wire.ts';

/** Of this user; another one has another. It connects with the first component that uses it. */
function pushTo(page: URL) {
  const token = async () => (await fetch(`/token${page.search}`)).text();
  const url = `${page.origin.replace('http', 'ws')}/im`;
  return sharedDevice(() => withTopics(withUplink(createDevice<Pushed>({ url, token }))));
}

interface Props {
  readonly push: ReturnType<typeof pushTo>;
}

function Status({ push }: Props) {
  const { kind } = useStatus(push);
  const topics = useTopics(push);
  return (
    <p>
      {kind}, and hears of {[...topics].join(', ') || 'nothing'}
    </p>
  );
}

function Order({ push }: Props) {
  const [said, setSaid] = useState('');
  const order = async () => {
    const { cups } = await push.device.request<Ordered>(shop, { order: 'tea' });
    setSaid(`ordered: ${cups}`);
  };
  return (
    <p>
      <button onClick={() => void order()}>Order tea</button> {said}
    </p>
  );
}

function Notices({ push }: Props) {
  const [notices, setNotices] = useState<readonly string[]>([]);
  useMessages(push, ({ kind, data }) => {
    if (kind === 'private') setNotices((before) => [...before, data.text]);
  });
  return (
    <ul>
      {notices.map((text, index) => (
        <li key={index}>{text}</li>
      ))}
    </ul>
  );
}

function Page({ push }: Props) {
  const [isOpen, setOpen] = useState(true);
  return (
    <>
      <button onClick={() => setOpen((was) => !was)}>{isOpen ? 'Leave' : 'Come back'}</button>
      {isOpen && (
        <>
          <Status push={push} />
          <Order push={push} />
          <Notices push={push} />
        </>
      )}
    </>
  );
}

export function mount(element: Element, page: URL): void {
  createRoot(element).render(
    <StrictMode>
      <Page push={pushTo(page)} />
    </StrictMode>,
  );
}
