// What gets better with JavaScript. Every page works without this file.
(() => {
  "use strict";
  const root = document.documentElement;
  root.classList.add("js");

  // A password one can see while typing it.
  const showPassword = (button) => {
    const field = document.getElementById(button.dataset.showPassword);
    const label = button.querySelector("span");
    button.dataset.show ??= label.textContent;
    const shown = field.type === "password";
    field.type = shown ? "text" : "password";
    label.textContent = shown ? button.dataset.hide : button.dataset.show;
    button.setAttribute("aria-pressed", String(shown));
    field.focus();
  };

  // Read-aloud: the browser's own voice, nothing leaves the tablet.
  const speak = (text) => {
    speechSynthesis.cancel();
    const words = new SpeechSynthesisUtterance(text);
    words.lang = root.lang || "fr";
    words.rate = 0.9;
    speechSynthesis.speak(words);
  };

  document.addEventListener("click", (event) => {
    const target = event.target.closest("[data-show-password], [data-speak], [data-print]");
    if (!target) return;
    if (target.dataset.showPassword) showPassword(target);
    else if (target.dataset.speak && "speechSynthesis" in window) speak(target.dataset.speak);
    else if ("print" in target.dataset) window.print();
  });

  // An activation code grows by groups of four: K7PM-R4TW.
  document.addEventListener("input", (event) => {
    const field = event.target.closest?.("[data-code]");
    if (!field) return;
    const atEnd = field.selectionStart === field.value.length;
    const letters = field.value.toUpperCase().replace(/[^A-Z0-9]/g, "").slice(0, 8);
    const grouped = letters.length > 4 ? `${letters.slice(0, 4)}-${letters.slice(4)}` : letters;
    if (grouped === field.value) return;
    field.value = grouped;
    if (atEnd) field.setSelectionRange(grouped.length, grouped.length);
  });

  // Words only after 400 ms: a quick answer needs none. A second press sends nothing twice.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.dataset.leaving) {
      if (form.dataset.leaving) event.preventDefault();
      return;
    }
    const button = event.submitter ?? form.querySelector("[data-waiting]");
    // A form that brings a file leaves the page where it is: it may be sent again.
    const stays = form.hasAttribute("hx-post") || "download" in form.dataset;
    if (form.method === "post" && !stays) form.dataset.leaving = "1";
    forget(form);
    if (button && "waiting" in button.dataset) setTimeout(() => button.classList.add("is-waiting"), 400);
  });
  // Back button: the page comes back as it was left, ready again.
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-leaving]").forEach((form) => delete form.dataset.leaving);
    document.querySelectorAll("form .is-waiting").forEach((button) => button.classList.remove("is-waiting"));
  });

  // Drafts: <form data-draft="name"> keeps its texts in this tab until sent; leaving asks first.
  const key = (form) => `draft:${document.body.dataset.viewer ?? ""}:${location.pathname}:${form.dataset.draft}`;
  // Signed out, on a shared computer: what the previous person was writing goes.
  const forgetAll = () => {
    self.caches?.delete("ent-call-pages"); // what attendance/worker.js keeps of a class
    try { Object.keys(sessionStorage).filter((name) => name.startsWith("draft:")).forEach((name) => sessionStorage.removeItem(name)); } catch { /* private mode */ }
  };
  const texts = (form) => [...form.elements].filter((e) => e.name && /^(text|textarea|search)$/.test(e.type));
  const forget = (form) => {
    delete form.dataset.dirty;
    if (form.dataset.draft !== undefined) try { sessionStorage.removeItem(key(form)); } catch { /* private mode */ }
  };
  const keep = (form) => {
    form.dataset.dirty = "1";
    try { sessionStorage.setItem(key(form), JSON.stringify(Object.fromEntries(texts(form).map((e) => [e.name, e.value])))); } catch { /* full or private: nothing lost on the page itself */ }
  };
  const restore = (form) => {
    let draft = null;
    try { draft = JSON.parse(sessionStorage.getItem(key(form))); } catch { return; }
    if (!draft) return;
    let restored = false;
    for (const field of texts(form)) {
      if (!field.value && draft[field.name]) { field.value = draft[field.name]; restored = true; }
    }
    const notice = form.querySelector("[data-draft-restored]");
    if (restored && notice) notice.hidden = false;
    if (restored) form.dataset.dirty = "1";
  };
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form?.dataset.draft !== undefined) keep(form);
  });
  window.addEventListener("beforeunload", (event) => {
    if (document.querySelector("form[data-dirty]:not([data-leaving])")) event.preventDefault();
  });

  // What is polled is said at most every two seconds, from a region that stays while the panel is replaced.
  let toSay = "", saying = 0;
  const announce = (text) => {
    toSay = text;
    saying ||= setTimeout(() => {
      saying = 0;
      const region = document.getElementById("annonce");
      if (region && region.textContent !== toSay) region.textContent = toSay;
    }, 2000);
  };

  const ready = (scope) => {
    scope.querySelectorAll?.("form[data-draft]").forEach(restore);
    if (!("speechSynthesis" in window)) scope.querySelectorAll?.("[data-speak]").forEach((b) => { b.hidden = true; });
  };
  document.addEventListener("DOMContentLoaded", () => {
    if (!document.body.dataset.viewer) forgetAll();
    ready(document);
    document.querySelector("[data-errors]")?.focus();
  });
  document.addEventListener("htmx:load", (event) => {
    ready(event.target);
    const said = event.target.querySelector?.("[data-announce]");
    if (said) announce(said.textContent.trim());
  });
})();
