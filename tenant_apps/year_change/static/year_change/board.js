// Dragging a pupil from a column to another, and moves without leaving the page. Without this file the form does it all.
(() => {
  const zone = document.getElementById("repartition");
  if (!zone) return;
  const say = (words) => { document.getElementById("annonce").textContent = words; };

  const ready = () => zone.querySelectorAll("[data-card]").forEach((card) => { card.draggable = true; });

  const send = async (form, data) => {
    zone.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(form.action, { method: "POST", body: data, headers: { "HX-Request": "true" } });
      if (!answer.ok) throw new Error(answer.status);
      zone.innerHTML = await answer.text();
      ready();
      const moved = data.getAll("placement");
      const card = moved.length === 1 && zone.querySelector(`[data-card="${moved[0]}"]`);
      if (card) {
        card.querySelector("input").focus({ preventScroll: true });
        say(card.closest("[data-column]").querySelector("h2").textContent);
      }
    } catch {
      window.location.reload();
    } finally {
      zone.removeAttribute("aria-busy");
    }
  };

  zone.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-board-form]");
    if (!form) return;
    event.preventDefault();
    send(form, new FormData(form));
  });

  let dragged = null;
  zone.addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.("[data-card]");
    if (!dragged) return;
    dragged.classList.add("is-moving");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.card);
  });
  zone.addEventListener("dragend", () => { dragged?.classList.remove("is-moving"); dragged = null; clear(); });
  const clear = () => zone.querySelectorAll(".is-over").forEach((column) => column.classList.remove("is-over"));
  zone.addEventListener("dragover", (event) => {
    const column = dragged && event.target.closest("[data-column]");
    if (!column) return;
    event.preventDefault();
    clear();
    column.classList.add("is-over");
  });
  zone.addEventListener("drop", (event) => {
    const column = dragged && event.target.closest("[data-column]");
    if (!column) return;
    event.preventDefault();
    const form = zone.querySelector("[data-board]");
    const data = new FormData(form);
    // The one that is dragged, with the ticked ones when it is one of them.
    if (!dragged.querySelector("input").checked) {
      data.delete("placement");
      data.append("placement", dragged.dataset.card);
    }
    data.set("to", column.dataset.column);
    if (column.contains(dragged)) return clear();
    send(form, data);
  });
  ready();
})();
