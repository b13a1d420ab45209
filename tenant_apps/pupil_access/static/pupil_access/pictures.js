// The pictures are gathered here and sent once; without this file each press is a request, and the page works the same.
(() => {
  "use strict";
  const form = document.querySelector("[data-secret]");
  if (!form) return;
  const dots = [...document.querySelectorAll(".dot")], said = document.querySelector("[data-said]");
  const pressed = form.elements.suite.value.split(" ").filter(Boolean);
  const say = (text) => {
    if (!("speechSynthesis" in window)) return;
    speechSynthesis.cancel();
    const words = new SpeechSynthesisUtterance(text);
    words.lang = document.documentElement.lang || "fr";
    speechSynthesis.speak(words);
  };
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-name]");
    if (!button) return;
    say(button.dataset.name);
    if (pressed.length + 1 >= dots.length) return; // the last one is sent by its own button
    event.preventDefault();
    pressed.push(button.value);
    form.elements.suite.value = pressed.join(" ");
    dots[pressed.length - 1].classList.add("is-done");
    if (said) said.textContent = said.dataset.said.replace("0", pressed.length);
  });
})();
