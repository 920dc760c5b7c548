"use strict";
(() => {
  const figure = document.getElementById("figure-filters");
  if (!figure) return;
  const model = JSON.parse(figure.dataset.model);
  const canvas = document.getElementById("filter-canvas");
  const ink = canvas.getContext("2d");
  const reading = document.getElementById("filter-reading");
  const caption = document.getElementById("filter-caption");
  const slider = document.getElementById("filter-stop");
  const stopName = document.getElementById("filter-stop-name");
  const choices = [...figure.querySelectorAll("input[name=filter-choice]")];
  const side = 80, pitch = 82, across = 8;
  const pictures = model.stops.map((stop) => { const p = new Image(); p.src = stop.sheet; return p; });
  let at = model.stops.length - 1, choice = 0, marked = -1;

  const draw = () => {
    const stop = model.stops[at], picture = pictures[at], order = model.orders[choice];
    ink.imageSmoothingEnabled = false;
    ink.fillStyle = "#808080";
    ink.fillRect(0, 0, canvas.width, canvas.height);
    order.forEach((unit, i) => {
      const place = model.units.indexOf(unit);
      if (picture.complete && picture.naturalWidth && (stop.isFull || choice === 0))
        ink.drawImage(picture, (place % across) * pitch, Math.floor(place / across) * pitch, side, side,
          (i % across) * pitch, Math.floor(i / across) * pitch, side, side);
    });
    ink.fillStyle = "#010101";
    for (let i = 1; i < across; i++) ink.fillRect(i * pitch - 2, 0, 2, canvas.height);
    for (let y = pitch - 2; y < canvas.height; y += pitch) ink.fillRect(0, y, canvas.width, 2);
    if (marked >= 0 && marked < order.length) {
      ink.strokeStyle = getComputedStyle(document.documentElement).getPropertyValue("--accent");
      ink.lineWidth = 2;
      ink.strokeRect((marked % across) * pitch - 1, Math.floor(marked / across) * pitch - 1, side + 2, side + 2);
    }
  };
  const say = () => {
    const unit = model.orders[choice][marked];
    if (unit === undefined) {
      reading.textContent = "Point at a picture, or move with the arrow keys, for its numbers.";
      return;
    }
    const place = model.units.indexOf(unit);
    const number = (x) => x.toFixed(3).replace("-", "\u2212");
    reading.textContent = "Unit " + unit + ": output weight " + number(model.output[place]) + ", norm "
      + number(model.norm[place]) + ", roughness " + number(model.roughness[place])
      + (at === model.stops.length - 1 ? "." : ", all at the end of training.");
  };
  const update = () => {
    // Earlier checkpoints are kept for the first choice only.
    if (slider) slider.disabled = choice !== 0;
    if (choice !== 0) at = model.stops.length - 1;
    if (slider) { slider.value = String(at); slider.setAttribute("aria-valuetext", model.stops[at].label); stopName.textContent = model.stops[at].label; }
    caption.textContent = model.stops[at].caption;
    draw();
    say();
  };
  const mark = (i) => {
    if (i === marked) return;
    marked = i;
    draw();
    say();
  };
  pictures.forEach((picture) => picture.addEventListener("load", draw));
  choices.forEach((input, i) => input.addEventListener("change", () => { choice = i; marked = -1; update(); }));
  if (slider) slider.addEventListener("input", () => { at = Number(slider.value); update(); });
  const placeOf = (event) => {
    const box = canvas.getBoundingClientRect();
    const x = Math.floor(((event.clientX - box.left) / box.width) * canvas.width / pitch);
    const y = Math.floor(((event.clientY - box.top) / box.height) * canvas.height / pitch);
    return Math.max(0, Math.min(model.orders[choice].length - 1, y * across + Math.min(across - 1, x)));
  };
  canvas.addEventListener("pointermove", (event) => mark(placeOf(event)));
  canvas.addEventListener("click", (event) => mark(placeOf(event)));
  canvas.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -across, ArrowDown: across }[event.key];
    if (!by) return;
    event.preventDefault();
    mark(Math.max(0, Math.min(model.orders[choice].length - 1, marked < 0 ? 0 : marked + by)));
  });
  document.getElementById("filter-plate").remove();
  canvas.hidden = false;
  reading.hidden = false;
  figure.querySelector(".plate-choices").hidden = false;
  update();
})();
