// « Noter une réussite »: shows the photo before it leaves, records a sound, offers the milestones of the domain.
// Without this file each is a plain field of the form.
(() => {
  "use strict";
  const form = document.querySelector("[data-observation]");
  if (!form) return;
  const RATE = 16000; // Hz, one channel: a voice; every browser plays WAV
  const LONGEST = 60; // seconds

  // --- the photo, drawn and not addressed: no blob: in the content policy
  const photo = form.querySelector("[data-photo]");
  const canvas = photo?.querySelector("canvas");
  photo?.querySelector("input[type=file]").addEventListener("change", async ({ target }) => {
    canvas.hidden = true;
    const file = target.files[0];
    if (!file) return;
    const picture = await createImageBitmap(file).catch(() => null);
    if (!picture) return;
    const scale = Math.min(1, 480 / picture.width);
    canvas.width = picture.width * scale;
    canvas.height = picture.height * scale;
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    canvas.hidden = false;
  });

  // --- the milestones of the domain chosen
  const list = form.querySelector("#milestones");
  const all = list ? [...list.children] : [];
  const offer = () => {
    const chosen = form.querySelector("input[name=domain]:checked")?.value;
    list?.replaceChildren(...all.filter((one) => !chosen || one.dataset.domain === chosen));
  };
  form.addEventListener("change", ({ target }) => { if (target.name === "domain") offer(); });
  offer();

  // --- the sound
  const panel = form.querySelector("[data-recorder]");
  if (!panel || !navigator.mediaDevices || !window.MediaRecorder || !window.DataTransfer) return;
  const field = panel.querySelector("input[type=file]"), said = panel.querySelector("[data-said]");
  const start = panel.querySelector("[data-start]"), stop = panel.querySelector("[data-stop]"), play = panel.querySelector("[data-play]");
  let recorder = null, heard = null, timer = 0;

  const wav = (samples) => {
    const view = new DataView(new ArrayBuffer(44 + samples.length * 2));
    const word = (at, text) => [...text].forEach((letter, n) => view.setUint8(at + n, letter.charCodeAt(0)));
    word(0, "RIFF"); view.setUint32(4, 36 + samples.length * 2, true); word(8, "WAVEfmt ");
    view.setUint32(16, 16, true); view.setUint16(20, 1, true); view.setUint16(22, 1, true);
    view.setUint32(24, RATE, true); view.setUint32(28, RATE * 2, true); view.setUint16(32, 2, true); view.setUint16(34, 16, true);
    word(36, "data"); view.setUint32(40, samples.length * 2, true);
    samples.forEach((value, n) => view.setInt16(44 + n * 2, Math.max(-1, Math.min(1, value)) * 32767, true));
    return view.buffer;
  };
  const keep = async (blob) => {
    const context = new AudioContext();
    const sound = await context.decodeAudioData(await blob.arrayBuffer()).finally(() => context.close());
    const offline = new OfflineAudioContext(1, Math.ceil(sound.duration * RATE), RATE);
    const source = offline.createBufferSource();
    source.buffer = sound;
    source.connect(offline.destination);
    source.start();
    heard = await offline.startRendering();
    const given = new DataTransfer();
    given.items.add(new File([wav(heard.getChannelData(0))], panel.dataset.file, { type: "audio/wav" }));
    field.files = given.files;
    said.textContent = panel.dataset.ready;
    play.hidden = false;
  };
  const recording = (is) => { start.hidden = is; stop.hidden = !is; };
  const refuse = () => { recording(false); said.textContent = panel.dataset.refused; };

  start.addEventListener("click", async () => {
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      const chunks = [];
      recorder = new MediaRecorder(stream);
      recorder.addEventListener("dataavailable", ({ data }) => chunks.push(data));
      recorder.addEventListener("stop", () => {
        clearTimeout(timer);
        stream.getTracks().forEach((track) => track.stop());
        recording(false);
        keep(new Blob(chunks, { type: recorder.mimeType })).catch(refuse);
      });
      recorder.start();
      timer = setTimeout(() => recorder.stop(), LONGEST * 1000);
      play.hidden = true;
      recording(true);
      stop.focus();
      said.textContent = panel.dataset.going;
    } catch { refuse(); }
  });
  stop.addEventListener("click", () => { recorder?.stop(); start.focus(); });
  play.addEventListener("click", () => {
    const context = new AudioContext();
    const source = context.createBufferSource();
    source.buffer = heard;
    source.connect(context.destination);
    source.addEventListener("ended", () => context.close());
    source.start();
  });
  panel.querySelector("[data-buttons]").hidden = false;
})();
