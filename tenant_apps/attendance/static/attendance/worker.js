// Serves the page of a class for its half-day when there is no network, so that the call is made. Never another page.
const ASSETS = "ent-call-assets"; // filled by send.js: what the page itself used
const PAGES = "ent-call-pages"; // ent.js deletes it when nobody is signed in
const CALL = /^\/appel\/[0-9a-f-]{36}\/(\d{4}-\d\d-\d\d)\/(am|pm)\/$/;
const day = (url) => CALL.exec(new URL(url).pathname)?.[1];
const today = () => new Date().toLocaleDateString("sv", { timeZone: "Europe/Paris" });

// Yesterday's classes are kept for nobody.
const keep = async (request, answer) => {
  const pages = await caches.open(PAGES);
  for (const one of await pages.keys()) if (day(one.url) !== today()) await pages.delete(one);
  await pages.put(request.url, answer);
};

const kept = async (request, cacheName, error) => {
  const found = await caches.match(request.url, { cacheName, ignoreVary: true });
  if (!found) throw error;
  return found;
};

const page = async (event) => {
  try {
    const answer = await fetch(event.request);
    if (answer.ok && !answer.redirected) event.waitUntil(keep(event.request, answer.clone()));
    return answer;
  } catch (error) {
    return kept(event.request, PAGES, error);
  }
};

self.addEventListener("install", (event) => event.waitUntil(self.skipWaiting()));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  if (method !== "GET") return;
  if (mode === "navigate" && day(url) === today()) event.respondWith(page(event));
  else if (mode !== "navigate") event.respondWith(fetch(event.request).catch((error) => kept(event.request, ASSETS, error)));
});
