// Passkeys: the page carries the options, the browser answers, the form takes the answer. Nothing else is asked of the server.
(() => {
  "use strict";
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const known = (list) => (list ?? []).map((item) => ({ ...item, id: bytes(item.id) }));

  const acts = {
    create: async (options) => {
      const made = await navigator.credentials.create({ publicKey: {
        ...options, challenge: bytes(options.challenge), user: { ...options.user, id: bytes(options.user.id) },
        excludeCredentials: known(options.excludeCredentials),
      } });
      return { made, response: { attestationObject: text(made.response.attestationObject), transports: made.response.getTransports?.() ?? [] } };
    },
    get: async (options) => {
      const made = await navigator.credentials.get({ publicKey: {
        ...options, challenge: bytes(options.challenge), allowCredentials: known(options.allowCredentials),
      } });
      const { authenticatorData, signature, userHandle } = made.response;
      return { made, response: { authenticatorData: text(authenticatorData), signature: text(signature), userHandle: userHandle ? text(userHandle) : null } };
    },
  };

  const ask = async (form) => {
    const trouble = form.querySelector("[data-passkey-trouble]");
    trouble.hidden = true;
    try {
      const { made, response } = await acts[form.dataset.passkey](JSON.parse(form.dataset.options));
      form.elements.answer.value = JSON.stringify({
        id: made.id, rawId: text(made.rawId), type: made.type, clientExtensionResults: {},
        response: { ...response, clientDataJSON: text(made.response.clientDataJSON) },
      });
      form.submit();
    } catch {
      trouble.hidden = false;
    }
  };

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("form[data-passkey]").forEach((form) => form.addEventListener("submit", (event) => {
      if (!("credentials" in navigator) || form.elements.answer.value) return;
      event.preventDefault();
      ask(form);
    }));
  });
})();
