import { LogOut, Settings, UserPlus, User } from '@lucide/vue';
import { currentAccount, keptAccounts } from '../chat/accounts.ts';
import { signOut, switchTo } from '../chat/chat.ts';
import { confirm } from '../parts/confirm.ts';
import { openMenu } from '../parts/menu.ts';
import { router } from '../router.ts';
import { t } from '../text/i18n.ts';

/** Who one is here, and who one could be. */
export function openAccountMenu(event: MouseEvent): void {
  const others = keptAccounts().filter(({ userName }) => userName !== currentAccount()?.userName);
  openMenu(event.currentTarget as Element, [
    { label: t('profileSettings'), icon: Settings, act: () => void router.push('/settings/profile') },
    ...others.map(({ userName, nickName }) => ({
      label: nickName,
      icon: User,
      act: () => switchTo(userName),
    })),
    { label: t('addAccount'), icon: UserPlus, act: () => void router.push('/login?another=1') },
    { label: t('signOut'), icon: LogOut, act: () => void leave() },
  ]);
}

export async function leave(): Promise<void> {
  const isSure = await confirm({ title: t('signOut'), text: t('signOutSure'), yes: t('signOut') });
  if (isSure) await signOut();
}
