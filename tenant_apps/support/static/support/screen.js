/* The size of the screen, shown before it is sent. Without this script it stays unknown. */
(() => {
  const field = document.querySelector("[data-screen]");
  if (!field) return;
  const size = `${window.screen.width}x${window.screen.height}`;
  field.value = size;
  document.querySelectorAll("[data-screen-shown]").forEach((place) => {
    place.textContent = size.replace("x", " × ");
  });
})();
