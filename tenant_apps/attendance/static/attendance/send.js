// Sends a call without leaving the page; without a network it waits on this tablet. Without this file the form goes by itself.
(() => {
  "use strict";
  const form = document.getElementById("call");
  const band = document.getElementById("waiting");
  if (!form || !band || !window.indexedDB || !window.crypto?.subtle) return;
  const { account, key, worker } = band.dataset;
  const queue = window.callQueue(account, key);
  const here = location.pathname;
  const states = () => [...form.querySelectorAll("[data-tap]")].map((tile) => tile.dataset.tap);
  const read = states();

  // The first time, this page came before the worker: it puts itself aside, with what it used.
  const settle = async () => {
    await navigator.serviceWorker.register(worker);
    await navigator.serviceWorker.ready;
    const pages = await caches.open("ent-call-pages");
    if (!(await pages.match(here, { ignoreVary: true }))) await pages.add(here);
    const assets = await caches.open("ent-call-assets");
    const files = performance.getEntriesByType("resource").map((one) => new URL(one.name)).filter((one) => one.origin === location.origin && /\.(css|js|svg|woff2)$/.test(one.pathname));
    const used = [...new Set(files.map((one) => one.origin + one.pathname))];
    const had = (await assets.keys()).map((one) => one.url);
    await Promise.all(had.filter((one) => !used.includes(one)).map((one) => assets.delete(one)));
    await Promise.all(used.filter((one) => !had.includes(one)).map((one) => assets.add(one)));
  };
  // A private window has none.
  if ("serviceWorker" in navigator) window.addEventListener("load", () => settle().catch(() => {}));

  const show = (state, { count = 0, words = "", act = null } = {}) => {
    band.hidden = !state;
    if (!state) return;
    band.dataset.state = state;
    band.querySelector("[data-words]").textContent = words || band.dataset[state];
    band.querySelector("[data-number]").textContent = count ? band.dataset.count.replace("%s", count) : "";
    for (const button of band.querySelectorAll("[data-act]")) button.hidden = button.dataset.act !== state;
    band.act = act;
  };

  const waits = async () => (await queue.all()).reduce((sum, entry) => sum + entry.changes, 0);

  const post = async (entry) => {
    const body = new URLSearchParams(entry.pairs);
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    body.set("key", entry.key);
    entry.earlier.forEach((one) => body.append("earlier", one));
    let answer;
    try {
      answer = await fetch(entry.path, { method: "POST", body, headers: { Accept: "application/json" }, redirect: "manual", signal: AbortSignal.timeout(10000) });
    } catch { return { state: "offline" }; }
    if (answer.type === "opaqueredirect" || answer.status === 403) return { state: "signedOut" };
    if (answer.ok) return { state: "sent" };
    if (answer.status === 409) return { state: "conflict" };
    if (answer.status >= 500) return { state: "offline" };
    const said = await answer.json().catch(() => ({}));
    return { state: "refused", words: said.words };
  };

  // The page of the two versions is the server's: the stale form goes there as it is.
  const compare = (entry) => {
    const again = document.createElement("form");
    Object.assign(again, { method: "post", action: entry.path, hidden: true });
    const pairs = [...entry.pairs.filter(([name]) => name !== "csrfmiddlewaretoken"), ["key", entry.key], ["csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value]];
    again.append(...pairs.map(([name, value]) => Object.assign(document.createElement("input"), { type: "hidden", name, value })));
    document.body.append(again);
    again.submit();
  };

  const made = async (button) => {
    const before = (await queue.all()).find((entry) => entry.path === here);
    return {
      path: here,
      pairs: [...new FormData(form)].concat([["act", button?.value ?? "validate"]]),
      key: crypto.randomUUID(),
      earlier: before ? [...before.earlier, before.key] : [],
      changes: Math.max(1, states().filter((state, n) => state !== read[n]).length),
    };
  };

  const forget = async (entry) => { await queue.drop(entry.path); await drain(); };

  // One at a time, oldest path first; the first that can't leave says why.
  const drain = async () => {
    let left = false;
    for (const entry of await queue.all()) {
      const { state, words } = await post(entry);
      if (state === "sent") { await queue.drop(entry.path); left ||= entry.path === here; continue; }
      const acts = { conflict: () => compare(entry), refused: () => forget(entry), signedOut: () => location.assign(band.dataset.signIn) };
      return show(state, { count: await waits(), words, act: acts[state] });
    }
    show(navigator.onLine ? "" : "offline");
    if (left) location.replace(here);
  };

  // Kept before it is sent: a page that is closed meanwhile loses nothing.
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const entry = await made(event.submitter);
    await queue.put(entry);
    const { state } = await post(entry);
    if (state === "conflict") return compare(entry);
    if (state !== "sent") return drain();
    await queue.drop(here);
    location.replace(here);
  });

  band.addEventListener("click", (event) => { if (event.target.closest("[data-act]")) band.act?.(); });
  window.addEventListener("online", drain);
  window.addEventListener("offline", async () => show("offline", { count: await waits() }));
  // Some browsers say nothing when the network is back.
  setInterval(() => { if (!band.hidden && band.dataset.state === "offline") drain(); }, 8000);

  const begin = async () => {
    if (new URLSearchParams(location.search).has("laisser")) await queue.drop(here);
    const mine = (await queue.all()).find((entry) => entry.path === here);
    if (mine) form.dispatchEvent(new CustomEvent("call:restored", { detail: mine.pairs }));
    await drain();
  };
  begin();
})();
