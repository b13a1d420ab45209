// « Prévenir cet appareil »: the browser asks, its maker's service gives an address, the form carries it.
(() => {
  "use strict";
  const form = document.getElementById("push");
  if (!form || !("serviceWorker" in navigator) || !("PushManager" in window)) return;
  const trouble = form.querySelector("[data-trouble]");
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const { key, worker } = form.dataset;

  const subscribe = async () => {
    if ((await Notification.requestPermission()) !== "granted") throw new Error("denied");
    const registration = await navigator.serviceWorker.register(worker);
    const asked = { userVisibleOnly: true, applicationServerKey: bytes(key) };
    // One made with an earlier key of ours rings no more.
    const made = await registration.pushManager.subscribe(asked).catch(async () => {
      await (await registration.pushManager.getSubscription())?.unsubscribe();
      return registration.pushManager.subscribe(asked);
    });
    return made.toJSON();
  };

  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    trouble.hidden = true;
    try {
      const { endpoint, keys } = await subscribe();
      Object.entries({ endpoint, ...keys }).forEach(([name, value]) => { if (form.elements[name]) form.elements[name].value = value; });
      form.submit();
    } catch {
      trouble.hidden = false;
    }
  });
})();
