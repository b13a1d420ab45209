// Down and up a column of the table, without leaving the keyboard. Without this file Tab goes along the lines.
(() => {
  const table = document.querySelector("[data-columns]");
  if (!table) return;
  const FIELDS = ".fr-input, .fr-select";

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
    there?.focus();
  });
})();
