// Keeps the page of a class for its half-day, so that a call is made without a network. Never another page.
// VERSION and FILES come first, from the view that serves this.
const ASSETS = `ent-call-assets-${VERSION}`;
const PAGES = "ent-call-pages"; // ent.js deletes it when nobody is signed in
const CALL = /^\/appel\/[0-9a-f-]{36}\/(\d{4}-\d\d-\d\d)\/(am|pm)\/$/;
const day = (url) => CALL.exec(new URL(url).pathname)?.[1];
const today = () => new Date().toLocaleDateString("sv");

const install = async () => {
  await (await caches.open(ASSETS)).addAll(FILES);
  await self.skipWaiting();
};

const activate = async () => {
  const names = (await caches.keys()).filter((name) => name.startsWith("ent-call-assets-") && name !== ASSETS);
  await Promise.all(names.map((name) => caches.delete(name)));
  await self.clients.claim();
};

// Yesterday's classes are kept for nobody.
const keep = async (request, answer) => {
  const pages = await caches.open(PAGES);
  for (const one of await pages.keys()) if (day(one.url) !== today()) await pages.delete(one);
  await pages.put(request, answer);
};

const page = async (event) => {
  try {
    const answer = await fetch(event.request);
    if (answer.ok && !answer.redirected) event.waitUntil(keep(event.request, answer.clone()));
    return answer;
  } catch (error) {
    const kept = await caches.match(event.request, { cacheName: PAGES });
    if (!kept) throw error;
    return kept;
  }
};

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  if (method !== "GET") return;
  if (mode === "navigate" && day(url) === today()) event.respondWith(page(event));
  else if (mode !== "navigate") event.respondWith(caches.match(event.request).then((kept) => kept ?? fetch(event.request)));
});
