import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { createApp, CreateAppError } from './create-app.ts';
import { templates, type TemplateName } from './templates.ts';

const names = Object.keys(templates) as TemplateName[];
const choices = names.map((name) => `${name.padEnd(10)}  ${templates[name].about}`);
const usage = `Usage: npm create im-app [folder] -- [--template NAME]

Templates:
${choices.map((choice) => `  ${choice}`).join('\n')}`;

const input = createInterface({ input: process.stdin });
const lines = input[Symbol.asyncIterator]();

async function ask(question: string, missing: string): Promise<string> {
  process.stdout.write(question);
  const { value, done } = (await lines.next()) as { value?: string; done?: boolean };
  if (done) throw new CreateAppError(`\n${missing}\n\n${usage}`);
  return (value ?? '').trim();
}

function read(): { folder: string | undefined; template: string | undefined; help: boolean | undefined } {
  try {
    const options = { template: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const;
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    if (positionals.length > 1) throw new TypeError(`There are two folders: ${positionals.join(' and ')}.`);
    return { folder: positionals[0], template: values.template, help: values.help };
  } catch (error) {
    throw new CreateAppError(`${(error as Error).message}\n\n${usage}`);
  }
}

async function templateOf(given: string | undefined): Promise<TemplateName> {
  const numbered = choices.map((choice, index) => `  ${index + 1}  ${choice}`).join('\n');
  const chosen = given ?? (await ask(`${numbered}\nWhich one? `, 'No template was chosen.'));
  const name = names.find((name, index) => name === chosen || String(index + 1) === chosen);
  if (!name) throw new CreateAppError(`There is no template "${chosen}".\n\n${usage}`);
  return name;
}

async function main(): Promise<void> {
  const given = read();
  if (given.help) {
    console.log(usage);
    return;
  }
  const folder = given.folder ?? (await ask('In which folder? ', 'No folder was given.'));
  const template = await templateOf(given.template);
  await createApp({ folder, template });
  const { needs, port } = templates[template];
  console.log(`
Made ${folder}. Now:

  cd ${folder}
  npm install
  npm start     # then open http://localhost:${port}
${needs === undefined ? '' : `\nIt needs ${needs}.\n`}
npm test runs the test of its listener.`);
}

await main()
  .catch((error: unknown) => {
    if (!(error instanceof CreateAppError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  })
  .finally(() => input.close());
