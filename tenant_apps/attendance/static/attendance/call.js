// A tap says absent, the next one late (at the time it is), the next one present again. Without this file the boxes do it.
(() => {
  "use strict";
  const form = document.getElementById("call");
  if (!form) return;
  const NEXT = { "": "absent", absent: "late", late: "", left: "" };
  const past = [];
  const field = (tile, name) => tile.querySelector(`[name^="${name}-"]`);
  const box = (tile) => tile.querySelector(".tap__box");
  const say = (words) => { document.getElementById("annonce").textContent = words; };
  const clock = (at) => { const [hours, minutes] = at.split(":"); return `${Number(hours)}\u00a0h${minutes === "00" ? "" : `\u00a0${minutes}`}`; };
  const now = () => new Date().toTimeString().slice(0, 5);

  const read = (tile) => ({ state: tile.dataset.tap, at: field(tile, "at").value, words: tile.querySelector("[data-tap-words]").textContent });

  const show = (tile, { state, at, words }) => {
    tile.dataset.tap = state;
    tile.classList.remove("tap--dashed");
    box(tile).checked = state === "absent";
    field(tile, "kind").value = state === "absent" ? "" : state;
    field(tile, "at").value = at;
    tile.querySelector("[data-tap-words]").textContent = words;
  };

  const made = (state) => {
    const at = state === "late" ? now() : "";
    const words = { "": "", absent: form.dataset.absent, late: form.dataset.late.replace("%s", at && clock(at)), left: form.dataset.left };
    return { state, at, words: words[state] };
  };

  const count = () => {
    const states = [...form.querySelectorAll("[data-tap]")].map((tile) => tile.dataset.tap);
    const of = (state) => states.filter((one) => one === state).length;
    const numbers = [states.length - of("absent"), of("absent"), of("late")];
    form.querySelectorAll(".dock__figure").forEach((figure, n) => {
      const label = figure.querySelector("[data-words]");
      figure.querySelector("strong").textContent = numbers[n];
      label.textContent = label.dataset.words.split("|")[numbers[n] < 2 ? 0 : 1];
    });
  };

  const tap = (tile) => {
    past.push([[tile, read(tile)]]);
    const next = made(NEXT[tile.dataset.tap]);
    show(tile, next);
    say(`${tile.querySelector("strong").textContent} : ${next.words || form.dataset.present}`);
  };

  form.addEventListener("change", (event) => {
    const tile = event.target.closest("[data-tap]");
    if (!tile) return;
    if (event.target === box(tile)) tap(tile);
    else if (event.target === field(tile, "kind")) {
      const state = event.target.value || (box(tile).checked ? "absent" : "");
      past.push([[tile, read(tile)]]);
      show(tile, { state, at: event.target.value && (field(tile, "at").value || now()), words: event.target.value ? event.target.selectedOptions[0].textContent : made(state).words });
    }
    count();
  });

  form.addEventListener("click", (event) => {
    if (event.target.closest("[data-undo]")) (past.pop() ?? []).forEach(([tile, before]) => show(tile, before));
    else if (event.target.closest("[data-all-present]")) {
      const tiles = [...form.querySelectorAll("[data-tap]")];
      past.push(tiles.map((tile) => [tile, read(tile)]));
      tiles.forEach((tile) => show(tile, made("")));
    } else return;
    count();
  });
  // What waits on this tablet is shown as it was left.
  form.addEventListener("call:restored", (event) => {
    const said = new Map(event.detail);
    const absent = new Set(event.detail.filter(([name]) => name === "absent").map(([, pk]) => pk));
    for (const tile of form.querySelectorAll("[data-tap]")) {
      const pk = box(tile).value;
      const state = said.get(`kind-${pk}`) || (absent.has(pk) ? "absent" : "");
      const at = said.get(`at-${pk}`) ?? "";
      if (state !== tile.dataset.tap) show(tile, { ...made(state), at, words: state === "late" && at ? form.dataset.late.replace("%s", clock(at)) : made(state).words });
    }
    count();
  });
  count();
})();
