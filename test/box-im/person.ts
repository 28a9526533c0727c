import { createApiClient, unwrap } from 'im-platform/client';
import type { BrowserContext, Locator, Page } from 'playwright-core';

export const password = 'a-good-one-7';

/** Somebody at box-im's page, who uses what it shows. */
export class PageUser {
  readonly name: string;
  readonly page: Page;

  private constructor(name: string, page: Page) {
    this.name = name;
    this.page = page;
  }

  static async register(context: BrowserContext, url: string, name: string): Promise<PageUser> {
    const user = new PageUser(name, await open(context, `${url}/#/register`));
    const { page } = user;
    await page.getByPlaceholder('用户名').fill(name);
    await page.getByPlaceholder('密码', { exact: true }).fill(password);
    await page.getByPlaceholder('确认密码').fill(password);
    await page.getByRole('button', { name: '注册' }).click();
    await user.isAtHome();
    return user;
  }

  /** On another device: nothing is there yet. */
  static async logIn(context: BrowserContext, url: string, name: string): Promise<PageUser> {
    const user = new PageUser(name, await open(context, `${url}/#/login`));
    await user.page.getByPlaceholder('用户名').fill(name);
    await user.page.getByPlaceholder('密码').fill(password);
    await user.page.getByRole('button', { name: '登录' }).click();
    await user.isAtHome();
    return user;
  }

  async reload(): Promise<void> {
    await this.page.reload();
    await this.isAtHome();
  }

  /** Looks somebody up and clicks on "add". Says what the page says to it. */
  async add(name: string): Promise<string> {
    const { page } = this;
    await this.go('friend');
    await page.getByTitle('添加好友').click();
    const search = page.getByPlaceholder(/输入用户名或昵称/);
    await search.fill(name);
    await search.press('Enter');
    await page
      .locator('.add-friend .item')
      .filter({ hasText: name })
      .getByRole('button', { name: '添加' })
      .click();
    const said = await this.told();
    await page.locator('.add-friend .el-dialog__headerbtn').click();
    await page.locator('.add-friend').waitFor({ state: 'hidden' });
    return said;
  }

  friend(name: string): Locator {
    return this.page.locator('.friend-item').filter({ hasText: name });
  }

  async removeFriend(name: string): Promise<void> {
    await this.go('friend');
    await this.friend(name).click();
    await this.page.getByRole('button', { name: '删除好友' }).click();
    await this.page.locator('.el-message-box').getByRole('button', { name: '确定' }).click();
    await this.friend(name).waitFor({ state: 'detached' });
  }

  /** The conversation with this name, opened. */
  async open(name: string): Promise<void> {
    await this.go('chat');
    await this.page.locator('.chat-item .chat-name-text > div').getByText(name, { exact: true }).click();
    await this.page.locator('.chat-box .el-header').filter({ hasText: name }).waitFor();
  }

  async openWithFriend(name: string): Promise<void> {
    await this.go('friend');
    await this.friend(name).click();
    await this.page.getByRole('button', { name: '发消息' }).click();
    await this.page.locator('.chat-box .el-header').filter({ hasText: name }).waitFor();
  }

  async say(text: string): Promise<void> {
    const { page } = this;
    await page.locator('.edit-container').click();
    await page.keyboard.type(text);
    await page.locator('.send-btn-area').getByRole('button').click();
  }

  async sendPicture(name: string, bytes: Buffer): Promise<void> {
    const file = { name, mimeType: 'image/png', buffer: bytes };
    await this.page.locator('[title="发送图片"] input').setInputFiles(file);
  }

  async sendFile(name: string, bytes: Buffer): Promise<void> {
    const file = { name, mimeType: 'text/plain', buffer: bytes };
    await this.page.locator('[title="发送文件"] input').setInputFiles(file);
  }

  /** By an app of `/v1`, on another device of theirs: box-im's page has no way to. */
  async writeOver({
    api: url,
    before,
    after,
  }: {
    api: string;
    before: string;
    after: string;
  }): Promise<void> {
    const api = createApiClient({ url });
    const body = { userName: this.name, password, device: 'app' as const };
    await unwrap(api.POST('/v1/sessions', { body }));
    const { items } = await unwrap(api.GET('/v1/conversations'));
    for (const { id: conversationId } of items) {
      const path = { conversationId };
      const page = await unwrap(
        api.GET('/v1/conversations/{conversationId}/messages', { params: { path, query: {} } }),
      );
      const said = page.items.find(({ content }) => content.type === 'text' && content.text === before);
      if (!said) continue;
      const params = { path: { conversationId, number: said.number } };
      const written = { content: { type: 'text' as const, text: after } };
      await unwrap(
        api.PATCH('/v1/conversations/{conversationId}/messages/{number}', { params, body: written }),
      );
      return;
    }
    throw new Error(`Nobody said "${before}"`);
  }

  async recallTheLastPicture(): Promise<void> {
    const { page } = this;
    await this.pictures().last().click({ button: 'right' });
    await page.locator('.right-menu').getByTitle('撤回').click();
    await page.locator('.el-message-box').getByRole('button', { name: '确定' }).click();
    await page.getByText('你撤回了一条消息').first().waitFor();
  }

  async setFace(bytes: Buffer): Promise<void> {
    const { page } = this;
    await page.locator('.user-head-image .head-image').click();
    const dialog = page.locator('.setting');
    const file = { name: 'face.png', mimeType: 'image/png', buffer: bytes };
    await dialog.locator('input[type=file]').setInputFiles(file);
    await isDrawn(dialog.locator('img.avatar'));
    await dialog.getByRole('button', { name: '确 定' }).click();
    await page.getByText('修改成功').waitFor();
  }

  /** What stands in the open conversation. */
  bubble(text: string): Locator {
    return this.page.locator('.chat-message-item').filter({ hasText: text });
  }

  pictures(): Locator {
    return this.page.locator('.message-image img');
  }

  async go(where: 'chat' | 'friend' | 'group'): Promise<void> {
    await this.page.locator(`a[href="#/home/${where}"]`).click();
    await this.page.locator(`.${where}-page`).waitFor();
  }

  /** The newest thing that the page says by itself. */
  async told(): Promise<string> {
    const message = this.page.locator('.el-message__content').last();
    const text = await message.textContent();
    await message.waitFor({ state: 'hidden' });
    return text ?? '';
  }

  private async isAtHome(): Promise<void> {
    await this.page.waitForURL(/#\/home\//);
    await this.go('chat');
    // It has what it missed.
    await this.page.locator('.chat-items').waitFor();
  }
}

async function open(context: BrowserContext, at: string): Promise<Page> {
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  await page.goto(at);
  return page;
}

/** Resolves when a picture has been loaded and decoded. */
export async function isDrawn(picture: Locator): Promise<void> {
  await picture.scrollIntoViewIfNeeded();
  await picture.evaluate(
    `(image) => new Promise((resolve, reject) => {
       const look = () => image.naturalWidth > 0 ? resolve() : reject(new Error(image.src + ' is not there'));
       if (image.complete) look();
       else { image.onload = look; image.onerror = look; }
     })`,
  );
}
