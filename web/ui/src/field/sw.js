/* The field page without a network: its own files from the cache, everything of the server from the server alone.
   __SHELL__ and __BUILD__ are put in by the build. */
const BUILD = 'baochu-__BUILD__'
const SHELL = __SHELL__

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(BUILD).then((cache) => cache.addAll(SHELL)).then(() => self.skipWaiting()))
})
self.addEventListener('activate', (event) => {
  const old = caches.keys().then((names) => Promise.all(names.filter((name) => name !== BUILD).map((name) => caches.delete(name))))
  event.waitUntil(old.then(() => self.clients.claim()))
})
self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url)
  if (event.request.method !== 'GET' || url.origin !== location.origin || url.pathname.startsWith('/api/')) return
  if (event.request.mode === 'navigate') {
    if (url.pathname.startsWith('/field')) event.respondWith(fetch(event.request).catch(() => caches.match('/field')))
    return
  }
  if (!url.pathname.startsWith('/assets/') && url.pathname !== '/favicon.svg') return
  event.respondWith(
    caches.match(event.request).then(
      (held) =>
        held ??
        fetch(event.request).then((got) => {
          const copy = got.clone()
          if (got.ok) event.waitUntil(caches.open(BUILD).then((cache) => cache.put(event.request, copy)))
          return got
        }),
    ),
  )
})
