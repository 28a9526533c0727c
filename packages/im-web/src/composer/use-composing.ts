import type { Conversation, TextContent } from 'im-chat';
import { computed, nextTick, watch, type ComputedRef, type Ref } from 'vue';
import { mayEdit } from '../stream/message-menu.ts';
import { useAbout } from '../stream/about-conversation.ts';
import { myId } from '../chat/chat.ts';
import { t } from '../text/i18n.ts';
import { compose, composingIn, dropComposing, type Composing } from './composing.ts';
import { mentionsIn, type Mentionable } from './mentions.ts';

export interface UsedComposing {
  readonly composing: ComputedRef<Composing | undefined>;
  readonly isEditing: ComputedRef<boolean>;
  readonly people: ComputedRef<readonly Mentionable[]>;
  /** Somebody was chosen from the list of names. */
  note(person: Mentionable): void;
  /** With the links and names that are in it. */
  contentOf(said: string): TextContent;
  editLast(): void;
  drop(): void;
}

/** What is being answered or written over in a conversation, and who is named there. */
export function useComposing(
  conversation: Conversation,
  text: Ref<string>,
  focus: () => void,
): UsedComposing {
  const composing = computed(() => composingIn(conversation.id));
  const about = useAbout(() => conversation.id);
  const people = computed((): readonly Mentionable[] => {
    const { group } = about.value;
    if (!group) return [];
    const others = group.members.filter(({ userId }) => userId !== myId.value);
    const all = group.group.myRole === 'owner' ? [{ userId: 'everyone', name: t('everyone') }] : [];
    return [...all, ...others];
  });
  /** Whom each name means. */
  const chosen = new Map<string, string>();
  let kept: string | undefined;

  watch(
    composing,
    (now) => {
      if (kept !== undefined) text.value = kept;
      kept = undefined;
      if (now?.is === 'edit' && now.message.content.type === 'text') {
        const { text: said, entities = [] } = now.message.content;
        kept = text.value;
        text.value = said;
        for (const entity of entities)
          if (entity.type === 'mention')
            chosen.set(said.slice(entity.offset + 1, entity.offset + entity.length), entity.userId);
      }
      if (now) void nextTick(focus);
    },
    // Whoever presses Enter twice does not say what was written over.
    { immediate: true, flush: 'sync' },
  );

  return {
    ...{ composing, people },
    isEditing: computed(() => composing.value?.is === 'edit'),
    note: ({ name, userId }) => void chosen.set(name, userId),
    contentOf(said) {
      const entities = mentionsIn(said, people.value, chosen);
      return { type: 'text', text: said, ...(entities.length > 0 && { entities }) };
    },
    editLast() {
      const message = conversation.get().messages.findLast((one) => mayEdit(one));
      if (message) compose({ is: 'edit', message });
    },
    drop: () => dropComposing(conversation.id),
  };
}
