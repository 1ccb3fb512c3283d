// The noise playground: four pictures of a character. Noise, network and lookup are computed here,
// from the same random numbers as in Python; dense.js and element.js are above.

const HEIGHT = 231; // of a picture, CSS pixels
const SIGN_SIDE = 12; // CSS pixels: in a smaller pixel a sign could not be read
const MISSING = "#D55E00", EXTRA = "#0072B2"; // as in the figures of the course
const NAMES = ["clean", "noisy", "restored", "nearest"];
const TITLES = { clean: "clean", noisy: "noisy: click here", restored: "restored", nearest: "nearest known" };

// One pixel x under noise of level p; `hit` and `salt` in [0, 1), `normal` from N(0, 1).
const NOISE = {
  flip: (x, p, { hit }) => (hit < p ? 1 - x : x),
  salt_and_pepper: (x, p, { hit, salt }) => (hit < p ? (salt < 0.5 ? 1 : 0) : x),
  gaussian: (x, p, { normal }) => Math.min(1, Math.max(0, x + p * normal)),
  masking: (x, p, { hit }) => (hit < p ? 0 : x),
};

const isWrong = (value, wanted) => value > 0.5 !== wanted > 0.5;

function nearestOf(picture, X) {
  const size = picture.length;
  let best = 0, smallest = Infinity;
  for (let start = 0; start < X.length; start += size) {
    let d = 0;
    for (let i = 0; i < size; i++) d += (picture[i] - X[start + i]) ** 2;
    if (d < smallest) [best, smallest] = [start, d];
  }
  return X.subarray(best, best + size);
}

// A picture whose wrong pixels are coloured and signed: − where ink is missing, + where too much.
class Picture {
  constructor(name, [height, width]) {
    this.shape = [height, width];
    this.cell = HEIGHT / height;
    const ratio = Math.max(1, window.devicePixelRatio || 1);
    const side = Math.max(1, Math.round(this.cell * ratio)); // of a pixel, in those of the screen
    this.side = side;
    const role = name === "noisy" ? { role: "application", tabIndex: 0 } : { role: "img" };
    this.canvas = element("canvas", { width: width * side, height: height * side,
      className: "tp5-picture", style: `height:${HEIGHT}px`, ...role });
    this.pen = this.canvas.getContext("2d");
    this.count = element("strong");
    const caption = element("figcaption", {}, element("span", {}, TITLES[name]), this.count);
    this.figure = element("figure", {}, this.canvas, caption);
    this.canvas.dataset.picture = name;
  }

  draw(values, clean) {
    const { pen, side, shape: [height, width] } = this;
    for (let row = 0, i = 0; row < height; row++)
      for (let column = 0; column < width; column++, i++) {
        const wrong = isWrong(values[i], clean[i]);
        const grey = Math.round(255 - Math.min(1, Math.max(0, values[i])) * 229); // ink: #1A1A1A
        pen.fillStyle = !wrong ? `rgb(${grey},${grey},${grey})` : clean[i] > 0.5 ? MISSING : EXTRA;
        pen.fillRect(column * side, row * side, side, side);
        if (wrong && this.cell >= SIGN_SIDE) this.sign(row, column, clean[i] > 0.5);
      }
    if (this.cell >= SIGN_SIDE) this.grid();
    this.canvas.values = values; // for whoever wants the numbers: they are not on the screen
  }

  sign(row, column, missing) {
    const { pen, side } = this;
    const [x, y, arm] = [(column + 0.5) * side, (row + 0.5) * side, side / 4];
    pen.strokeStyle = missing ? "black" : "white";
    pen.lineWidth = side / 9;
    pen.beginPath();
    pen.moveTo(x - arm, y), pen.lineTo(x + arm, y);
    if (!missing) pen.moveTo(x, y - arm), pen.lineTo(x, y + arm);
    pen.stroke();
  }

  grid() {
    const { pen, side, shape: [height, width] } = this;
    pen.strokeStyle = "rgba(128, 128, 128, 0.45)";
    pen.lineWidth = 1;
    pen.beginPath();
    for (let row = 1; row < height; row++) pen.moveTo(0, row * side), pen.lineTo(width * side, row * side);
    for (let column = 1; column < width; column++) pen.moveTo(column * side, 0), pen.lineTo(column * side, height * side);
    pen.stroke();
  }

  cursor(row, column) {
    const { pen, side } = this;
    for (const [colour, width] of [["white", 7], ["black", 3]]) {
      pen.strokeStyle = colour;
      pen.lineWidth = (width * side) / 33;
      pen.strokeRect(column * side + side / 10, row * side + side / 10, 0.8 * side, 0.8 * side);
    }
  }
}

class Playground {
  constructor(model, el, about, buffers, expect) {
    Object.assign(this, { model, about, expect });
    const [encoder, decoder, X] = buffers.map((buffer) => numbers(buffer));
    const encode = makeDense(about.encoder, encoder), decode = makeDense(about.decoder, decoder);
    this.reconstruct = (picture) => decode(encode(picture)).slice();
    this.X = X;
    [this.height, this.width] = about.shape;
    this.size = this.height * this.width;
    this.at = [0, 0]; // the cursor's row and column
    this.build(el);
    this.follow = () => this.redraw();
    model.on("change", this.follow);
  }

  // The random numbers of a seed have come.
  take(draws) {
    const { size } = this;
    this.draws = Array.from({ length: size }, (_, i) => ({
      hit: draws[i], salt: draws[size + i], normal: draws[2 * size + i],
    }));
    this.redraw();
  }

  build(el) {
    const { model, about } = this;
    const choose = (label, names, oninput) => {
      const options = names.map((name, value) => element("option", { value }, name));
      return element("select", { ariaLabel: label, oninput }, ...options);
    };
    this.character = choose("character", about.labels,
      () => this.set({ position: Number(this.character.value), clicks: [] }));
    this.kind = choose("kind of noise", about.kinds.map((kind) => kind.replaceAll("_", " ")),
      () => this.set({ kind: about.kinds[Number(this.kind.value)] }));
    this.level = element("input", { type: "range", min: 0, max: 1, step: 0.01, ariaLabel: "noise level",
      oninput: () => this.set({ level: Number(this.level.value) }) });
    this.output = element("output", { ariaLive: "off" }); // the slider itself is spoken
    const other = () => (this.set({ seed: model.get("seed") + 1 }), this.expect());
    this.undo = element("button", { type: "button", onclick: () => this.set({ clicks: [] }) }, "undo my clicks");
    const controls = element("div", { className: "tp5-controls" },
      element("label", {}, element("span", {}, "character"), this.character),
      element("label", {}, element("span", {}, "noise"), this.kind),
      element("label", {}, element("span", {}, "level"), this.output, this.level),
      element("button", { type: "button", onclick: other }, "other noise"), this.undo);
    this.pictures = Object.fromEntries(NAMES.map((name) => [name, new Picture(name, about.shape)]));
    this.makeClickable(this.pictures.noisy.canvas);
    this.spoken = element("p", { className: "tp5-spoken", role: "status" });
    this.place = element("p", { className: "tp5-place", role: "status" });
    const legend = element("p", { className: "tp5-key" },
      element("span", { className: "tp5-swatch", style: `background:${MISSING};color:black`, ariaHidden: "true" }, "−"), "ink is missing ",
      element("span", { className: "tp5-swatch", style: `background:${EXTRA};color:white`, ariaHidden: "true" }, "+"), "ink too much");
    const figures = element("div", { className: "tp5-views" }, ...NAMES.map((name) => this.pictures[name].figure));
    this.root = element("div", { className: "tp5-noise", role: "group", ariaLabel: "noise playground" },
      controls, figures, legend, this.place, this.spoken);
    el.append(this.root);
  }

  // --- Clicks and keys ------------------------------------------------------------------------

  makeClickable(canvas) {
    canvas.classList.add("tp5-clickable");
    const pixelAt = ({ clientX, clientY }) => {
      const { left, top, width, height } = canvas.getBoundingClientRect();
      const within = (value, n) => Math.min(n - 1, Math.max(0, Math.floor(value * n)));
      return [within((clientY - top) / height, this.height), within((clientX - left) / width, this.width)];
    };
    canvas.addEventListener("click", (event) => {
      this.at = pixelAt(event);
      this.toggle();
    });
    canvas.addEventListener("keydown", (event) => this.key(event));
    for (const name of ["focus", "blur"]) canvas.addEventListener(name, () => this.redraw());
  }

  key(event) {
    const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    const toggles = event.key === " " || event.key === "Enter";
    if (!toggles && !(event.key in moves)) return;
    event.preventDefault();
    event.stopPropagation();
    if (toggles) return this.toggle();
    const [down, right] = moves[event.key];
    const [row, column] = this.at;
    this.at = [(row + down + this.height) % this.height, (column + right + this.width) % this.width];
    this.redraw();
    this.sayPlace();
  }

  toggle() {
    const pixel = this.at[0] * this.width + this.at[1];
    const clicks = this.model.get("clicks");
    const others = clicks.filter((other) => other !== pixel);
    if (others.length === clicks.length) others.push(pixel);
    this.set({ clicks: others.sort((a, b) => a - b) });
    this.sayPlace();
  }

  sayPlace() {
    const [row, column] = this.at;
    const i = row * this.width + column;
    const ink = this.noisy[i] > 0.5 ? "ink" : "paper";
    const verdict = isWrong(this.noisy[i], this.clean[i]) ? "wrong" : "right";
    this.place.textContent = `Row ${row + 1}, column ${column + 1}: ${ink}, ${verdict}. Space turns it over.`;
  }

  set(state) {
    this.model.set(state);
    this.model.save_changes();
  }

  // --- The pictures ---------------------------------------------------------------------------

  redraw() {
    if (!this.draws) return;
    const { model, X, size, about } = this;
    const position = model.get("position"), level = model.get("level"), spoil = NOISE[model.get("kind")];
    const clean = X.subarray(position * size, (position + 1) * size);
    const noisy = this.draws.map((draw, i) => spoil(clean[i], level, draw));
    for (const pixel of model.get("clicks")) noisy[pixel] = 1 - noisy[pixel];
    Object.assign(this, { clean, noisy });
    const pictures = { clean, noisy, restored: this.reconstruct(noisy), nearest: nearestOf(noisy, X) };
    const said = {};
    for (const [name, picture] of Object.entries(this.pictures)) {
      picture.draw(pictures[name], clean);
      const wrong = pictures[name].reduce((sum, value, i) => sum + isWrong(value, clean[i]), 0);
      said[name] = name === "clean" ? "" : `${wrong} wrong pixel${wrong === 1 ? "" : "s"}`;
      picture.count.textContent = said[name];
      const keys = name === "noisy" ? "; arrow keys move the cursor, space turns the pixel over" : "";
      const counted = said[name] && `: ${said[name]}`;
      picture.canvas.setAttribute("aria-label", `${about.labels[position]}, ${name}${counted}${keys}`);
    }
    const { canvas } = this.pictures.noisy;
    if (document.activeElement === canvas) this.pictures.noisy.cursor(...this.at);
    this.showSettings(position, level);
    this.sayLater(`${about.labels[position]}: ${said.noisy} before, ${said.restored} restored, ${said.nearest} by looking up.`);
  }

  showSettings(position, level) {
    const { model, about } = this;
    this.character.value = position;
    this.kind.value = about.kinds.indexOf(model.get("kind"));
    this.level.value = level;
    this.output.textContent = level.toFixed(2);
    this.undo.disabled = !model.get("clicks").length;
  }

  // While something is dragged, nobody wants to hear every step.
  sayLater(text) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => (this.spoken.textContent = text), 300);
  }

  destroy() {
    clearTimeout(this.timer);
    this.model.off("change", this.follow);
  }
}

export default {
  render({ model, el }) {
    let playground;
    const { expect, stop } = askKernel(model, el, (message, buffers) => {
      if (message.kind === "data") playground ??= new Playground(model, el, message, buffers, () => expect());
      else playground?.take(numbers(buffers[0], Float64Array));
    });
    return () => (stop(), playground?.destroy());
  },
};
