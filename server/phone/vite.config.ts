/** Build of the phone app: the shell below /app/, its service worker, and packed copies for the server. */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { createHash } from 'node:crypto';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const outDir = here('../static/phone');
const BASE = '/app/';
const PACKED = /\.(js|css|html|svg|webmanifest|json)$/;

/** Writes the list of shell files, and one digest over them, into the service worker. */
function precache(): Plugin {
  return {
    name: 'precache',
    apply: 'build',
    enforce: 'post',
    writeBundle() {
      const shell = filesBelow(outDir).filter(file => !/(^|\/)(sw\.js|.*\.(br|gz|map))$/.test(file));
      const digest = createHash('sha256');
      for (const file of shell.sort()) digest.update(file).update(readFileSync(join(outDir, file)));
      const urls = shell.map(file => (file === 'index.html' ? BASE : BASE + file));
      const path = join(outDir, 'sw.js');
      const source = readFileSync(path, 'utf8')
        .replace(/__PRECACHE__/, urls.join(' '))
        .replace(/__SHELL_DIGEST__/, digest.digest('hex').slice(0, 16));
      writeFileSync(path, source);
      pack();
    },
  };
}

/** What runs a form's page lies in one file: nothing waits for a file that only another one names. */
const START = here('src/trial/main.tsx');
const OF_TRIAL = /src\/(trial|texts\/trial)/;

interface Infos {
  getModuleInfo(id: string): { importedIds: readonly string[] } | null;
}

function nameOfChunk(id: string, infos: Infos): string | null {
  return !OF_TRIAL.test(id) && importedBy(START, infos).has(id) ? 'filling' : null;
}

let found: Set<string> | undefined;

function importedBy(start: string, infos: Infos): Set<string> {
  if (found) return found;
  found = new Set([start]);
  for (const id of found) for (const next of infos.getModuleInfo(id)?.importedIds ?? []) found.add(next);
  return found;
}

/** Puts the trial's first script into its page by itself: what asks for the form waits for nothing else. */
function early(): Plugin {
  return {
    name: 'early',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(_, { bundle = {}, path }) {
        const file = Object.keys(bundle).find(name => name.startsWith('assets/early-'));
        if (file === undefined || !path.endsWith('trial.html')) return [];
        const attrs = { type: 'module', async: true, crossorigin: true, src: BASE + file };
        return [{ tag: 'script', attrs, injectTo: 'head-prepend' }];
      },
    },
  };
}

/** Of what a form's page runs, nearly every function is called at once: browsers that heed it compile them all while loading. */
function eager(): Plugin {
  return {
    name: 'eager',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        for (const file of Object.values(bundle)) {
          if (file.type !== 'chunk' || !['filling', 'trial'].includes(file.name)) continue;
          file.code = `//# allFunctionsCalledOnLoad\n${file.code}`;
        }
      },
    },
  };
}

function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true }).map(String);
  return entries
    .filter(file => statSync(join(folder, file)).isFile())
    .map(file => file.replaceAll('\\', '/'));
}

/** Packs once at build time, so that the server never compresses a static file. */
function pack(): void {
  for (const file of filesBelow(outDir).filter(name => PACKED.test(name))) {
    const bytes = readFileSync(join(outDir, file));
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
    writeFileSync(join(outDir, `${file}.br`), brotliCompressSync(bytes, { params }));
    writeFileSync(join(outDir, `${file}.gz`), gzipSync(bytes, { level: 9 }));
  }
}

export default defineConfig({
  base: BASE,
  resolve: { alias: { '@forms': here('../../forms') } },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  define: { __APP_VERSION__: JSON.stringify(process.env['npm_package_version'] ?? '0.1.0') },
  build: {
    outDir,
    emptyOutDir: true,
    target: ['chrome87', 'safari15'],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: {
        index: here('index.html'),
        trial: here('trial.html'),
        early: here('src/trial/early.ts'),
        sw: here('src/worker.ts'),
      },
      output: {
        entryFileNames: chunk => (chunk.name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js'),
        codeSplitting: { groups: [{ name: nameOfChunk, debugName: 'filling' }] },
      },
    },
  },
  worker: { format: 'es' },
  plugins: [early(), eager(), precache()],
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    env: { TZ: 'Asia/Shanghai' },
    testTimeout: 30_000, // slow machines, busy with something else
  },
});
