// `npm run sbom`: a bill of materials (CycloneDX 1.5) for each package that is published, as dist/sbom/<package>.cdx.json: what of others
// its users get, on whatever system, by name, version, checksum and licence.
//
// From the lock file, and not by `npm sbom`: with `--omit dev` npm 11 leaves out what is needed and for development, too (file-type), and
// with `--workspace` it does not leave out what is for development.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { toolsFolder } from './install-tools.ts';
import { ownArguments } from './own-arguments.ts';

ownArguments({ name: 'sbom' });
interface Locked {
  readonly name?: string;
  readonly version?: string;
  readonly integrity?: string;
  readonly license?: string;
  readonly link?: boolean;
  /** Of a link: where it leads. */
  readonly resolved?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const folder = 'dist/sbom';

/** What stands within the files of a package, and not beside it. */
const builtIn: Readonly<Record<string, readonly string[]>> = {
  'im-device': ['@bufbuild/protobuf'],
  'im-platform': ['im-web'],
};

const { packages } = JSON.parse(await readFile('package-lock.json', 'utf8')) as {
  packages: Record<string, Locked>;
};

/** As Node finds it: in the folder itself, then in those around it. */
function find(name: string, from: string): string | undefined {
  for (let around = from; ; around = around.slice(0, Math.max(0, around.lastIndexOf('/')))) {
    const path = `${around === '' ? '' : `${around}/`}node_modules/${name}`;
    const { link, resolved = path } = packages[path] ?? {};
    if (packages[path] !== undefined) return link ? resolved : path;
    if (around === '') return undefined;
  }
}

/** Paths of all that it needs, each with the paths of what that needs. */
function reach(from: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const add = (path: string): void => {
    if (found.has(path)) return;
    const { dependencies, optionalDependencies, name = nameOf(path) } = packages[path] ?? {};
    const names = [...Object.keys({ ...dependencies, ...optionalDependencies }), ...(builtIn[name] ?? [])];
    // An optional one may not be locked: nobody gets it.
    const next = names.map((other) => find(other, path)).filter((other) => other !== undefined);
    found.set(path, next);
    next.forEach(add);
  };
  add(from);
  return found;
}

function nameOf(path: string): string {
  return path.replace(/.*node_modules\/|^packages\//, '');
}

/** What it is called everywhere, and within the bill. */
function purl(path: string): string {
  return `pkg:npm/${nameOf(path).replace('@', '%40')}@${packages[path]?.version ?? ''}`;
}

function component(path: string): object {
  const { version, integrity, license } = packages[path] ?? {};
  const sha512 = /sha512-(\S+)/.exec(integrity ?? '')?.[1];
  const isExpression = license?.includes(' ') ?? false;
  return {
    type: 'library',
    'bom-ref': purl(path),
    name: nameOf(path),
    version,
    purl: purl(path),
    ...(license !== undefined && {
      licenses: [isExpression ? { expression: license } : { license: { id: license } }],
    }),
    ...(sha512 !== undefined && {
      hashes: [{ alg: 'SHA-512', content: Buffer.from(sha512, 'base64').toString('hex') }],
    }),
  };
}

function bomOf(path: string): object {
  const found = reach(path);
  // One version may be locked at several places.
  const components = new Map(Array.from(found.keys(), (one) => [purl(one), one]));
  components.delete(purl(path));
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    serialNumber: `urn:uuid:${crypto.randomUUID()}`,
    version: 1,
    metadata: { timestamp: new Date().toISOString(), component: component(path) },
    components: Array.from(components.values(), component),
    dependencies: Array.from(
      new Map(Array.from(found, ([one, next]) => [purl(one), next])),
      ([ref, next]) => ({
        ref,
        dependsOn: [...new Set(next.map(purl))],
      }),
    ),
  };
}

interface Cyclone {
  readonly Spec: { readonly Version: { readonly v1dot5: string } };
  readonly Validation: {
    /** Null when there is nothing wrong. */
    readonly JsonStrictValidator: new (version: string) => { validate(text: string): Promise<unknown> };
  };
}

const { Spec, Validation } = createRequire(join(toolsFolder, 'package.json'))(
  '@cyclonedx/cyclonedx-library',
) as Cyclone;
const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot5);

await mkdir(folder, { recursive: true });
for (const path of Object.keys(packages).filter((one) => /^packages\/[^/]+$/.test(one))) {
  const manifest = JSON.parse(await readFile(join(path, 'package.json'), 'utf8')) as { private?: boolean };
  if (manifest.private) continue;
  const text = `${JSON.stringify(bomOf(path), null, 2)}\n`;
  const wrong = await validator.validate(text);
  if (wrong !== null) throw new Error(`${nameOf(path)}: ${JSON.stringify(wrong)}`);
  await writeFile(join(folder, `${nameOf(path)}.cdx.json`), text);
  console.log(`${nameOf(path)}: ${reach(path).size - 1} of others and ours, as the schema wants it`);
}
