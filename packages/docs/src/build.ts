// `pnpm guide`: assembles the pages, makes the reference from the docstrings, and builds the site. Nothing is fetched.

import {copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {Application} from 'typedoc';
import {build} from 'vitepress';
import {assembled} from './assemble.ts';

const home = join(import.meta.dirname, '..');
const site = join(home, 'site');

/** What an entry is imported by, from where it lies: `core/src/ky` is `limpid/ky`. */
function importedAs(path: string): string {
  const [folder = '', , ...rest] = path.split('/');
  return [folder === 'core' ? 'limpid' : `@limpid/${folder}`, ...rest].join('/');
}

rmSync(site, {recursive: true, force: true});
mkdirSync(join(site, '.vitepress'), {recursive: true});
copyFileSync(join(import.meta.dirname, 'config.ts'), join(site, '.vitepress', 'config.ts'));
for (const page of readdirSync(join(home, 'pages'))) {
  writeFileSync(join(site, page), assembled(readFileSync(join(home, 'pages', page), 'utf8')));
}

process.chdir(home);
const application = await Application.bootstrapWithPlugins({options: join(home, 'typedoc.json')});
const project = await application.convert();
if (project === undefined || application.logger.hasErrors()) throw new Error('the reference could not be made');
for (const entry of project.children ?? []) entry.name = importedAs(entry.name);
await application.generateOutputs(project);
await build(site);
