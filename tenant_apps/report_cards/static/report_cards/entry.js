// Down and up a column of the table without leaving the keyboard; on a phone (see `.one-by-one`), one pupil at a time,
// every line staying in the one form. Without this file Tab goes along the lines, and the page is long.
(() => {
  const table = document.querySelector("[data-columns]");
  if (!table) return;
  const FIELDS = ".fr-input, .fr-select";
  const rows = [...table.tBodies[0].rows];
  const nav = document.querySelector("[data-one-by-one]");
  const where = nav.querySelector("[data-where]");
  const seen = `draft:at:${location.pathname}`; // of this tab, gone with its drafts

  // Where the teacher was, in another domain too.
  const remembered = () => {
    try { return document.getElementById(sessionStorage.getItem(seen)); } catch { return null; /* private mode */ }
  };

  const show = (row) => {
    const n = rows.indexOf(row);
    rows.forEach((one) => one.classList.toggle("is-current", one === row));
    where.textContent = where.dataset.words.replace("(n)", n + 1).replace("(total)", rows.length);
    nav.querySelector("rect").setAttribute("width", `${(100 * (n + 1)) / rows.length}%`);
    nav.querySelectorAll("[data-way]").forEach((button) => { button.disabled = !rows[n + Number(button.dataset.way)]; });
    try { sessionStorage.setItem(seen, row.id); } catch { /* private mode: the first pupil again */ }
  };

  table.classList.add("is-one-by-one");
  show(rows.find((row) => row.matches(".is-changed, :has(.field__error)")) ?? remembered() ?? rows[0]);
  nav.addEventListener("click", (event) => {
    const button = event.target.closest("[data-way]");
    if (!button) return;
    show(rows[rows.findIndex((row) => row.matches(".is-current")) + Number(button.dataset.way)]);
    table.scrollIntoView({ block: "start" });
  });

  // The tabs take most of a phone: folded there, open where their title is not shown.
  const fold = document.querySelector("[data-fold]");
  const narrow = matchMedia("(max-width: 759px)");
  const settle = () => { fold.open = !narrow.matches; };
  narrow.addEventListener("change", settle);
  settle();

  const atEnd = (field) => field.selectionStart === field.value.length;
  const atStart = (field) => field.selectionEnd === 0;

  // 1 down, -1 up, 0 for what the field itself does with the key.
  const step = (field, { key, shiftKey }) => {
    const isText = field.tagName === "TEXTAREA";
    if (key === "Enter" && !isText) return shiftKey ? -1 : 1;
    if (field.tagName === "SELECT") return 0;
    if (key === "ArrowDown" && (!isText || atEnd(field))) return 1;
    return key === "ArrowUp" && (!isText || atStart(field)) ? -1 : 0;
  };

  table.addEventListener("keydown", (event) => {
    const field = event.target.closest(FIELDS);
    const way = field && !event.isComposing ? step(field, event) : 0;
    if (!way) return;
    event.preventDefault();
    const { cellIndex, parentElement } = field.closest("td");
    let row = parentElement;
    let there = null;
    while (row && !there) {
      row = way > 0 ? row.nextElementSibling : row.previousElementSibling;
      there = row?.cells[cellIndex]?.querySelector(FIELDS);
    }
    if (!there) return;
    show(row);
    there.focus();
  });
})();
