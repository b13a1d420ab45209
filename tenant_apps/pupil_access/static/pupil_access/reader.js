// Reads a card with the tablet's camera, where the browser knows how. Elsewhere the tablet's own reader opens the address.
(() => {
  "use strict";
  const panel = document.querySelector("[data-reader]");
  if (!panel || !("BarcodeDetector" in window) || !navigator.mediaDevices) return;
  const button = panel.querySelector("button"), view = panel.querySelector("video"), said = panel.querySelector("[role=status]");
  let detector = null, stream = null;

  // Only an address of this door is followed, and only its path: the host stays ours.
  const pathOf = (text) => {
    try {
      const found = new URL(text, location.href);
      return found.host === location.host && /^\/entrer\/(carte|classe)\/[A-Za-z0-9-]+\/$/.test(found.pathname) ? found.pathname : "";
    } catch { return ""; }
  };
  const stop = () => { stream?.getTracks().forEach((track) => track.stop()); stream = null; };
  const look = async () => {
    if (!stream) return;
    const codes = await detector.detect(view).catch(() => []);
    const path = codes.map((code) => pathOf(code.rawValue)).find(Boolean);
    if (path) { stop(); location.assign(path); return; }
    if (codes.length) said.textContent = panel.dataset.other;
    setTimeout(look, 250);
  };
  const start = async () => {
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      view.srcObject = stream;
      view.hidden = false;
      button.hidden = true;
      await view.play();
      look();
    } catch { said.textContent = panel.dataset.refused; }
  };
  BarcodeDetector.getSupportedFormats().then((formats) => {
    if (!formats.includes("qr_code")) return;
    detector = new BarcodeDetector({ formats: ["qr_code"] });
    panel.hidden = false;
    button.addEventListener("click", start);
  });
  window.addEventListener("pagehide", stop);
})();
