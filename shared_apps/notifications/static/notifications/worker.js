// Shows what the school says when no page is open. It serves no page and keeps nothing.
self.addEventListener("install", (event) => event.waitUntil(self.skipWaiting()));
self.addEventListener("push", (event) => {
  const said = event.data?.json() ?? {};
  if (said.title) event.waitUntil(self.registration.showNotification(said.title, { tag: said.tag, data: said.url, lang: "fr" }));
});
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow(event.notification.data ?? "/"));
});
