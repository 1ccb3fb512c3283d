// The drawing pad: draw a picture, and the encoder, in this page, says where it lies; the decoder
// answers beside it. Glyphs are clicked pixel by pixel, larger pictures are drawn with a pen.

const GLYPH = 400; // pixels: up to here each is clicked
const PEN = 0.021; // strokes of our drawings, in sides of the picture
const PENS = { fine: 0.7, "as in our drawings": 1, broad: 2, brush: 4 };

class Pad {
  // `encoder()` leads to a function from a picture to z (of a VAE: to mu and log σ²).
  constructor({ place, space, about, painter, samples, files, encoder, begin }) {
    Object.assign(this, { place, space, about, painter, samples, files, encoder, begin });
    this.sheet = new Sheet(painter);
    this.byPixel = painter.height * painter.width <= GLYPH;
    this.cursor = [painter.height >> 1, painter.width >> 1]; // row, column
    this.penDown = false; // of the keyboard
    this.stroke = null; // the last place of a stroke by hand
    this.canvas = painter.canvas("drawing pad");
    this.canvas.role = "application";
    this.canvas.tabIndex = 0;
    this.canvas.dataset.lmSuppressShortcuts = "true";
    this.canvas.className = "tp5-pad";
    this.mark = element("div", { className: "tp5-pad-cursor", hidden: true });
    this.caption = element("figcaption");
    const paper = element("div", { className: "tp5-paper" }, this.canvas, this.mark);
    this.figure = element("figure", { hidden: true }, paper, this.caption);
    this.controls = this.makeControls();
    this.listenToHands();
    place.listen(["draw"], () => this.open());
    place.listen(["drawing"], () => this.hear());
    this.hear();
    this.open();
  }

  makeControls() {
    this.erase = element("input", { type: "checkbox" });
    this.width = element("select", { ariaLabel: "pen" }, ...Object.keys(PENS).map((name) => element("option", { value: name }, name)));
    this.width.value = "as in our drawings";
    this.colour = element("input", { type: "color", value: "#000000", ariaLabel: "colour of the pen" });
    const change = (how) => () => (this.begin(), how(), this.changed());
    return element("div", { className: "tp5-controls", role: "group", ariaLabel: "drawing", hidden: true },
      ...(this.byPixel ? [] : [element("label", {}, "pen ", this.width), element("label", {}, this.erase, " eraser")]),
      ...(this.painter.channels === 3 ? [this.colour] : []),
      button("undo", change(() => this.sheet.undo()), "one step back (Ctrl+Z on the pad)"),
      button("clear", change(() => this.sheet.clear()), "an empty sheet"),
      button("mirror", change(() => this.sheet.mirror()), "left becomes right"),
      button("copy the nearest", () => this.copyNearest(), "begin with the sample whose code is nearest"),
      button("drawing = A", () => this.useAs("a"), "the path begins at this drawing's code"),
      button("drawing = B", () => this.useAs("b"), "the path ends at this drawing's code"),
      button("keep drawing", () => this.keep(), "the drawing, a PNG file"));
  }

  // --- Open, and shut ---------------------------------------------------------------------

  async open() {
    const open = this.place.get("draw");
    this.figure.hidden = this.controls.hidden = !open;
    if (!open) return this.place.redrawSoon();
    this.encode ??= await this.encoder();
    if (this.early) this.changed(); // drawn before the encoder was there
    this.locate();
    this.place.redrawSoon();
  }

  // Python, or another explorer, has set the drawing.
  hear() {
    if ("drawing" in this.place.moving || this.stroke) return;
    const bytes = bytesOf(this.place.get("drawing"));
    if (!bytes) return this.sheet.empty || this.replace(new Uint8Array(this.sheet.bytes.length).fill(this.sheet.paper));
    if (bytes.length === this.sheet.bytes.length && bytes.some((byte, i) => byte !== this.sheet.bytes[i]))
      this.replace(bytes);
  }

  replace(bytes) {
    this.sheet.replace(bytes);
    this.locate();
    this.place.redrawSoon();
  }

  // --- The code of the drawing ------------------------------------------------------------

  locate() {
    if (!this.encode || this.sheet.empty) return (this.code = this.sigma = null);
    const answer = this.encode(Float32Array.from(this.sheet.bytes, (byte) => byte / 255)), n = this.about.n_latent;
    this.code = Array.from(answer.subarray(0, n));
    this.sigma = this.about.variational ? Array.from(answer.subarray(n), (log_var) => Math.exp(log_var / 2)) : null;
    return this.code;
  }

  // The drawing has changed: z goes to its code, on the screen and in Python.
  changed() {
    const drawing = this.sheet.bytes.slice(), code = this.locate();
    this.early = !this.encode;
    this.place.glide({ ...(code ? this.place.asState(this.place.toS(code)) : {}), drawing });
  }

  get cloud() {
    if (!this.sigma || !this.place.get("draw")) return null;
    return this.space.cloud(this.code, this.sigma, this.place.get("pca"), this.place.mapAxes);
  }

  useAs(end) {
    if (this.code) this.place.set({ [end]: this.place.toS(this.code) });
    else this.files.say("draw something first");
  }

  keep() {
    this.files.savePicture(this.canvas, "drawing.png");
  }

  copyNearest() {
    const bytes = this.samples.picture(this.space.nearestCode(this.place.z)[0]);
    if (!bytes) return this.files.say("this picture is on its way; press again");
    this.begin();
    this.sheet.replace(bytes);
    this.changed();
  }

  draw({ image }) {
    if (this.figure.hidden) return;
    this.painter.paint(this.canvas, this.sheet.bytes, { most: 255 });
    this.caption.textContent = this.describe(image);
    const [row, column] = this.cursor, { height, width } = this.painter;
    Object.assign(this.mark.style, { left: `${(100 * column) / width}%`, top: `${(100 * row) / height}%`,
      width: `${100 / width}%`, height: `${100 / height}%` });
    this.mark.dataset.down = this.penDown;
  }

  describe(image) {
    if (!this.encode) return "the encoder is on its way …";
    if (!this.code) return this.byPixel ? "your drawing: click pixels, or drag over them" : "your drawing: draw with mouse, finger or pen";
    const { bytes } = this.sheet;
    const others = bytes.reduce((n, byte, i) => n + (byte > 127 !== image[i] > 0.5), 0);
    const cloud = this.sigma ? `, σ (${this.sigma.map((s) => s.toFixed(2)).join(", ")})` : "";
    const code = this.code.length <= 3 ? ` at z (${this.code.map(signed).join(", ")})${cloud}` : "";
    return `your drawing${code}; ${others} pixel${others === 1 ? "" : "s"} unlike what is decoded`;
  }

  // --- Hands and keys ---------------------------------------------------------------------

  get inkOfPen() {
    if (this.painter.channels === 1) return [this.erase.checked ? 0 : 255];
    if (this.erase.checked) return [255, 255, 255];
    return [1, 3, 5].map((at) => parseInt(this.colour.value.slice(at, at + 2), 16));
  }

  get wide() {
    return Math.max(1, PEN * PENS[this.width.value] * Math.max(this.painter.height, this.painter.width));
  }

  listenToHands() {
    const { canvas, painter: { height, width } } = this;
    let rect;
    const at = (event) => [((event.clientX - rect.left) / rect.width) * width, ((event.clientY - rect.top) / rect.height) * height];
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button > 0) return;
      event.preventDefault();
      canvas.focus({ preventScroll: true });
      canvas.setPointerCapture(event.pointerId);
      rect = canvas.getBoundingClientRect();
      this.mark.hidden = true;
      this.startStroke(...at(event));
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!this.stroke) return;
      const all = event.getCoalescedEvents?.() ?? [];
      for (const one of all.length ? all : [event]) this.drawTo(...at(one));
      this.changed();
    });
    for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => (this.stroke = null));
    canvas.addEventListener("focus", () => (this.mark.hidden = !canvas.matches(":focus-visible")));
    canvas.addEventListener("blur", () => ((this.mark.hidden = true), (this.penDown = false)));
    canvas.addEventListener("keydown", (event) => this.onKey(event));
  }

  startStroke(x, y) {
    this.begin();
    this.sheet.begin();
    this.stroke = [x, y];
    const [row, column] = this.pixel(x, y);
    if (this.byPixel && this.painter.channels === 1) this.laid = [this.sheet.ink(row, column) > 127 ? 0 : 255];
    else this.laid = this.inkOfPen;
    this.drawTo(x, y);
    this.changed();
  }

  pixel(x, y) {
    const within = (value, n) => Math.min(n - 1, Math.max(0, Math.floor(value)));
    return [within(y, this.painter.height), within(x, this.painter.width)];
  }

  drawTo(x, y) {
    const [x0, y0] = this.stroke;
    if (this.byPixel) {
      const steps = Math.ceil(2 * Math.hypot(x - x0, y - y0)) || 1; // no pixel is leapt over
      for (let k = 1; k <= steps; k++)
        this.sheet.cover(...this.pixel(x0 + (k / steps) * (x - x0), y0 + (k / steps) * (y - y0)), this.laid, 1);
    } else this.sheet.line(x0, y0, x, y, this.wide, this.laid);
    this.stroke = [x, y];
  }

  // Arrow keys move a cursor; space turns a pixel over, or puts the pen down and lifts it.
  onKey(event) {
    const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    const undo = event.key === "z" && (event.ctrlKey || event.metaKey);
    if (!undo && event.key !== " " && event.key !== "Enter" && !(event.key in moves)) return;
    event.preventDefault();
    event.stopPropagation();
    this.mark.hidden = false;
    if (undo) return this.sheet.undo(), this.changed();
    const { height, width } = this.painter, [row, column] = this.cursor;
    if (event.key in moves) {
      const [down, right] = moves[event.key];
      this.cursor = [Math.min(height - 1, Math.max(0, row + down)), Math.min(width - 1, Math.max(0, column + right))];
      if (this.penDown) this.drawByKey([row, column]);
    } else if (this.byPixel) {
      this.startStroke(column + 0.5, row + 0.5);
      this.stroke = null;
    } else {
      this.penDown = !this.penDown;
      if (this.penDown) this.drawByKey(this.cursor);
    }
    this.sayCursor();
    this.place.redrawSoon();
  }

  drawByKey([row, column]) {
    this.startStroke(column + 0.5, row + 0.5);
    this.drawTo(this.cursor[1] + 0.5, this.cursor[0] + 0.5);
    this.stroke = null;
    this.changed();
  }

  sayCursor() {
    const [row, column] = this.cursor, ink = this.sheet.ink(row, column) > 127 ? "ink" : "paper";
    const pen = this.byPixel ? "" : this.penDown ? ", the pen is down" : ", the pen is up";
    this.files.say(`Row ${row + 1}, column ${column + 1}: ${ink}${pen}.`);
  }
}

// A trait of bytes is a DataView in JupyterLab; nothing is null.
function bytesOf(value) {
  if (!value) return null;
  return value.buffer ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength) : new Uint8Array(value);
}
