// Calls made without a network: kept on this tablet, encrypted by a key that only the account's own pages carry, sent when
// the network is back. One entry a register: its whole state. Nothing is overwritten: the server says « conflict ».
(() => {
  "use strict";
  const NAME = "ent-calls";
  const store = async (mode, act) => {
    const base = await new Promise((done, fail) => {
      const opening = indexedDB.open(NAME, 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore("calls", { keyPath: "id" });
      opening.onsuccess = () => done(opening.result);
      opening.onerror = () => fail(opening.error);
    });
    try {
      return await new Promise((done, fail) => {
        const deal = base.transaction("calls", mode);
        const asked = act(deal.objectStore("calls"));
        deal.oncomplete = () => done(asked.result);
        deal.onerror = () => fail(deal.error);
      });
    } finally { base.close(); }
  };

  const hex = (text) => Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));
  const secret = (key) => crypto.subtle.importKey("raw", hex(key), "AES-GCM", false, ["encrypt", "decrypt"]);

  window.callQueue = (account, key) => {
    const id = (path) => `${account} ${path}`;
    const put = async (entry) => {
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const plain = new TextEncoder().encode(JSON.stringify(entry));
      const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await secret(key), plain);
      await store("readwrite", (calls) => calls.put({ id: id(entry.path), account, iv, sealed }));
    };
    const open = async ({ iv, sealed }) => JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, await secret(key), sealed)));
    const all = async () => {
      const rows = (await store("readonly", (calls) => calls.getAll())).filter((row) => row.account === account);
      return Promise.all(rows.map(open));
    };
    const drop = (path) => store("readwrite", (calls) => calls.delete(id(path)));
    return { put, all, drop };
  };
})();
