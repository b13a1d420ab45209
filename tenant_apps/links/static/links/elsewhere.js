// « Mes enfants à … »: each linked commune answers for itself, to this page. Without this file the links remain.
(() => {
  "use strict";
  const show = (place, child) => {
    const line = place.querySelector("template").content.cloneNode(true);
    line.querySelector(".cover").classList.replace("cover-1", `cover-${Number(child.cover)}`);
    line.querySelector(".cover__letter").textContent = child.name.slice(0, 1).toUpperCase();
    line.querySelector(".cover__name").textContent = child.name;
    line.querySelector(".cover__detail").textContent = child.detail;
    line.querySelector("[data-to-do]").textContent = child.to_do;
    place.querySelector("[data-children]").append(line);
  };

  const fill = async (place) => {
    const told = place.querySelector("[data-told]");
    try {
      const body = new URLSearchParams({ lettre: place.dataset.letter });
      const options = { method: "POST", body, credentials: "omit", signal: AbortSignal.timeout(8000) };
      const answer = await fetch(place.dataset.source, options);
      if (!answer.ok && answer.status !== 410) throw new Error(String(answer.status));
      const { children } = await answer.json();
      children.forEach((child) => show(place, child));
      const nobody = answer.ok ? told.dataset.none : told.dataset.gone;
      told.textContent = children.length ? "" : nobody;
    } catch {
      told.textContent = told.dataset.failed;
    }
    told.hidden = !told.textContent;
  };

  document.querySelectorAll("[data-elsewhere]").forEach(fill);
})();
