/** Service worker: the shell and the form modules from the cache, so that the app starts with no network at all. */
declare const self: ServiceWorkerGlobalScope;

const SHELL = 'lingyan-shell-__SHELL_DIGEST__';
const FORMS = 'lingyan-forms';
const INDEX = '/app/';
const FILES = '__PRECACHE__'.split(' '); // the build puts the addresses of the shell's files here

self.addEventListener('install', event => {
  event.waitUntil(fill());
});

async function fill(): Promise<void> {
  const cache = await caches.open(SHELL);
  await cache.addAll(FILES.map(url => new Request(url, { cache: 'no-cache' })));
}

self.addEventListener('activate', event => {
  event.waitUntil(Promise.all([dropOldShells(), self.clients.claim()]));
});

async function dropOldShells(): Promise<void> {
  const names = await caches.keys();
  const old = names.filter(name => name.startsWith('lingyan-shell-') && name !== SHELL);
  await Promise.all(old.map(name => caches.delete(name)));
}

self.addEventListener('message', event => {
  // Only a person's yes lets a new version take over: a page in use must not change under the hand.
  if (event.data === 'take_over') void self.skipWaiting();
});

self.addEventListener('fetch', event => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (request.mode === 'navigate') {
    if (url.pathname.startsWith(INDEX)) event.respondWith(fromShell(new Request(INDEX)));
  } else if (url.pathname.startsWith('/forms/')) {
    event.respondWith(fromForms(request));
  } else if (url.pathname.startsWith(INDEX)) {
    event.respondWith(fromShell(request));
  }
});

async function fromShell(request: Request): Promise<Response> {
  const cached = await (await caches.open(SHELL)).match(request, { ignoreSearch: true, ignoreVary: true });
  return cached ?? fromNetwork(request);
}

/** Modules are immutable under their digest; whoever wants one fetched afresh adds a query. */
async function fromForms(request: Request): Promise<Response> {
  const cached = await (await caches.open(FORMS)).match(request, { ignoreSearch: true, ignoreVary: true });
  return cached ?? fromNetwork(request);
}

async function fromNetwork(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch {
    return new Response('offline', { status: 503, headers: { 'content-type': 'text/plain' } });
  }
}

export {};
