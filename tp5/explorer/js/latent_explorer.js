// The explorer: a map to drag on, the decoded picture, the nearest sample, a path to play.
// It needs the other files of `EXPLORER` in page.py above it, and a model with get, set, on, off and
// save_changes: an ipywidgets model in a notebook, or a `PageModel` in a page without a kernel.

const STEP = 0.05; // spreads, for one press of an arrow key; with shift five times that
const PICTURE_HEIGHT = 220; // CSS pixels
const SECONDS = 4; // from A to B

const signed = (x) => x.toFixed(2).replace("-", "−");

class Explorer {
  constructor({ model, el, about, arrays, ownSliders = false, fetchPicture = null }) {
    this.model = model;
    this.about = about;
    const [weights, codes, pictures] = arrays;
    this.decode = makeDense(about.layers, weights);
    this.space = new LatentSpace(about, codes, pictures);
    this.pictures = pictures;
    this.n = about.n_latent;
    this.keys = Array.from({ length: this.n }, (_, i) => `s${i + 1}`);
    this.marking = markingOf(about.labels, about.n_samples);
    this.fetchPicture = fetchPicture;
    this.fetched = new Map();
    this.playing = false;
    this.moving = {}; // what the screen shows already and the model does not know yet
    this.build(el, ownSliders);
    this.listen();
    this.drawMap();
    this.redraw();
  }

  // --- Where we are -------------------------------------------------------------------------

  get s() {
    return this.keys.map((key) => this.get(key));
  }

  get(name) {
    return name in this.moving ? this.moving[name] : this.model.get(name);
  }

  get mapAxes() {
    return this.n === 1 ? [0, 0] : [this.get("across"), this.get("upwards")];
  }

  move(changes) {
    const limit = this.about.limit;
    const state = {};
    for (const [i, value] of Object.entries(changes))
      state[this.keys[i]] = Math.min(limit, Math.max(-limit, value));
    this.glide(state);
  }

  set(state) {
    const all = { ...this.moving, ...state };
    clearTimeout(this.committing);
    [this.moving, this.committing] = [{}, null];
    this.model.set(all);
    this.model.save_changes();
  }

  // A movement goes to the screen with its next picture, and to the model (the sliders, the
  // kernel) ten times a second: it is not to be slowed down by who listens.
  glide(state) {
    Object.assign(this.moving, state);
    this.committing ??= setTimeout(() => this.set({}), 100);
    this.redrawSoon();
  }

  toZ(s) {
    return this.space.toZ(s, this.get("pca"));
  }

  toS(z, pca = this.get("pca")) {
    return this.space.toS(z, pca);
  }

  // --- What is on the screen ------------------------------------------------------------------

  build(el, ownSliders) {
    const [height, width] = this.about.shape;
    const size = `width:${Math.round((PICTURE_HEIGHT * width) / height)}px;height:${PICTURE_HEIGHT}px`;
    const picture = (name) =>
      element("canvas", { width, height, className: "tp5-picture", role: "img", style: size, ariaLabel: name });
    this.mapCanvas = element("canvas", { className: "tp5-map-canvas" });
    this.mapBox = element(
      "div",
      { className: "tp5-map", tabIndex: 0, role: "application", ariaLabel: "map of the latent space: arrow keys move z, shift for larger steps, Home goes back" },
      this.mapCanvas,
      (this.tip = element("div", { className: "tp5-tip", hidden: true })),
    );
    this.decoded = picture("decoded picture");
    this.sample = picture("nearest sample");
    this.decodedCaption = element("figcaption");
    this.sampleCaption = element("figcaption");
    this.mapCaption = element("figcaption");
    this.cue = element("p", { className: "tp5-cue" });
    this.spoken = element("p", { className: "tp5-spoken", role: "status", ariaLive: "polite" });
    this.message = element("p", { className: "tp5-message", role: "status" });
    this.root = element(
      "div",
      { className: "tp5-explorer", role: "group", ariaLabel: "latent explorer" },
      (this.views = element(
        "div",
        { className: "tp5-views" },
        element("figure", {}, this.mapBox, this.mapCaption),
        element("figure", {}, this.decoded, this.decodedCaption),
        element("figure", {}, this.sample, this.sampleCaption),
      )),
      this.cue,
      ...(ownSliders ? [buildSliders(this)] : []),
      buildPath(this),
      buildControls(this),
      this.spoken,
      this.message,
    );
    el.append(this.root);
    this.map = new LatentMap(this.mapCanvas, { limit: this.about.limit, flat: this.n === 1 });
  }

  // --- Drawing ----------------------------------------------------------------------------------

  // Ask for one redraw before the next picture of the screen, however many changes come.
  redrawSoon() {
    this.pending ??= requestAnimationFrame(() => {
      this.pending = null;
      this.redraw();
    });
  }

  redraw() {
    const s = this.s, z = this.toZ(s), [x, y] = this.mapAxes;
    const [nearest, distance] = this.space.nearestCode(z);
    const image = this.decode(z);
    this.paint(this.decoded, image, this.about.binary && this.get("threshold"));
    this.showSample(nearest);
    const at = (point) => [point[x], point[y]];
    this.map.draw({ point: at(s), a: at(this.get("a")), b: at(this.get("b")), nearest });
    this.describe(z, nearest, distance, image);
    this.sliders?.forEach((slider, i) => (slider.value = s[i]));
    this.sliderNames?.forEach((name, i) => (name.textContent = `${this.space.names(this.get("pca"))[i]} ${signed(s[i])} `));
    this.time.value = this.get("t");
    this.views.frames = (this.views.frames ?? 0) + 1; // for who measures speed
  }

  // Ink is 1 and drawn black, on white paper in a dark theme too.
  paint(canvas, image, threshold) {
    const pen = canvas.getContext("2d");
    const pixels = pen.createImageData(canvas.width, canvas.height);
    const words = new Uint32Array(pixels.data.buffer); // little-endian: 0xAABBGGRR
    for (let k = 0; k < words.length; k++) {
      const ink = threshold ? +(image[k] > 0.5) : image[k];
      const grey = Math.round(255 * (1 - ink));
      words[k] = 0xff000000 | (grey << 16) | (grey << 8) | grey;
    }
    pen.putImageData(pixels, 0, 0);
  }

  pictureOf(sample) {
    const size = this.about.shape[0] * this.about.shape[1];
    if (this.pictures.length) return this.pictures.subarray(sample * size, (sample + 1) * size);
    if (!this.fetched.has(sample) && this.fetchPicture) {
      this.fetched.set(sample, null);
      this.fetchPicture(sample).then((bytes) => {
        this.fetched.set(sample, bytes);
        this.shown = -1;
        this.redrawSoon();
      });
    }
    return this.fetched.get(sample) ?? null;
  }

  showSample(sample) {
    if (this.shown === sample) return;
    const bytes = this.pictureOf(sample);
    this.shown = bytes ? sample : -1;
    this.paint(this.sample, bytes ? Float32Array.from(bytes, (b) => b / 255) : [], false);
  }

  describe(z, nearest, distance, image) {
    const place = z.length <= 3 ? `z = (${z.map(signed).join(", ")})` : `z, ${z.length} numbers`;
    const ratio = distance / this.about.reach;
    const [cue, words] =
      ratio <= 1 ? ["in", "● among the data"]
      : ratio <= 2.5 ? ["edge", "◐ between the data: the decoder guesses"]
      : ["out", "○ outside the data: the decoder was never trained here"];
    this.decodedCaption.textContent = `decoded at ${place}`;
    this.sampleCaption.textContent = `nearest sample: ${this.space.nameOf(nearest)}, distance ${distance.toFixed(2)}`;
    if (this.about.binary && this.pictures.length && this.about.n_samples <= MANY) {
      const [twin, pixels] = this.space.nearestPicture(image);
      const away = pixels === 0 ? "exactly" : `${pixels} pixel${pixels === 1 ? "" : "s"} away`;
      this.decodedCaption.textContent += `; as a picture nearest to ${this.space.nameOf(twin)}, ${away}`;
    }
    this.cue.textContent = words;
    this.cue.dataset.where = cue;
    clearTimeout(this.speaking); // a screen reader hears where the movement ends, not every step
    this.speaking = setTimeout(() => {
      const text = `${this.decodedCaption.textContent}. ${this.sampleCaption.textContent}. ${words.slice(2)}`;
      this.spoken.textContent = text;
      this.decoded.ariaLabel = this.decodedCaption.textContent;
      this.sample.ariaLabel = this.sampleCaption.textContent;
    }, 400);
  }

  drawMap() {
    const [x, y] = this.mapAxes, names = this.space.names(this.get("pca"));
    const points = new Float32Array(2 * this.about.n_samples);
    for (let k = 0; k < this.about.n_samples; k++) {
      const s = this.toS(this.space.codeOf(k));
      points.set([s[x], s[y]], 2 * k);
    }
    const manifold = this.n > 1 && this.get("manifold");
    if (manifold) this.startThumbnails();
    this.background = { points, labels: this.about.labels, marking: this.marking, names: [names[x], names[y]] };
    this.map.drawBack({ ...this.background, thumbnails: manifold ? this.thumbnails : null });
    const unit = "in spreads of the data, 0 is their mean";
    this.mapCaption.textContent =
      this.n === 1 ? `${names[0]} ${unit}` : `${names[x]} across, ${names[y]} upwards, ${unit}`;
    const outside = points.reduce((n, s) => n + (Math.abs(s) > this.about.limit), 0);
    if (outside) this.mapCaption.textContent += `; ${outside} samples lie beyond the map`;
    if (this.marking.kind === "class") this.mapCaption.append(this.legend());
  }

  legend() {
    const SIGNS = { circle: "●", square: "■", triangle: "▲", diamond: "◆", cross: "✚", ring: "○", bar: "▬" };
    const entries = this.marking.classes.map((name, k) =>
      element("span", {}, element("b", { style: `color:${PALETTE[k]}` }, SIGNS[MARKERS[k]]), ` ${name}`),
    );
    return element("div", { className: "tp5-legend" }, ...entries);
  }

  // Decode a grid of points and draw the pictures under the map, a few of them before each frame
  // so that nothing freezes. A newer call ends an older one.
  startThumbnails() {
    const [height, width] = this.about.shape, size = Math.max(height, width);
    const cell = size + (size < 20 ? 2 : 0), side = CELLS * cell; // small ones need a gap
    this.thumbnails = element("canvas", { width: side, height: side });
    const pen = this.thumbnails.getContext("2d");
    const small = element("canvas", { width, height });
    const job = (this.job = {}), [x, y] = this.mapAxes, s = this.s, limit = this.about.limit;
    pen.fillStyle = "white";
    pen.fillRect(0, 0, side, side);
    let k = 0;
    const some = () => {
      if (this.job !== job) return;
      for (const end = performance.now() + 8; k < CELLS * CELLS && performance.now() < end; k++) {
        const [column, row] = [k % CELLS, Math.floor(k / CELLS)];
        s[x] = limit * ((2 * column + 1) / CELLS - 1);
        s[y] = limit * (1 - (2 * row + 1) / CELLS);
        this.paint(small, this.decode(this.toZ(s)), false);
        pen.drawImage(small, column * cell + ((cell - width) >> 1), row * cell + ((cell - height) >> 1));
      }
      this.map.drawBack({ ...this.background, thumbnails: this.thumbnails });
      this.redraw();
      if (k < CELLS * CELLS) requestAnimationFrame(some);
    };
    requestAnimationFrame(some);
  }

  // --- Moving -----------------------------------------------------------------------------------

  listen() {
    const events = (...names) => names.map((name) => `change:${name}`).join(" ");
    this.onChange = () => this.redrawSoon();
    this.onMapChange = () => {
      for (const trait of ["manifold", "pca", "loop", "threshold"])
        if (this.boxes[trait]) this.boxes[trait].checked = this.get(trait);
      for (const trait of ["across", "upwards"])
        if (this.selects?.[trait]) this.selects[trait].value = this.get(trait);
      this.drawMap();
      this.redrawSoon();
    };
    this.changes = events(...this.keys, "a", "b", "t");
    this.mapChanges = events("manifold", "pca", "across", "upwards", "loop", "threshold");
    this.model.on(this.changes, this.onChange);
    this.model.on(this.mapChanges, this.onMapChange);
    this.onMapChange();
    this.listenToMap();
  }

  // z, A and B stay where they are while their coordinates change: all are set at once.
  setPca(pca) {
    const points = [this.s, this.get("a"), this.get("b")].map((point) => this.toZ(point));
    const [s, a, b] = points.map((z) => this.toS(z, pca));
    this.set({ pca, ...this.asState(s), a, b });
  }

  asState(s) {
    return Object.fromEntries(this.keys.map((key, i) => [key, s[i]]));
  }

  listenToMap() {
    const box = this.mapBox;
    let rect; // asked once a drag: the answer makes the browser lay out the whole page
    const place = (event) => {
      if (!this.dragging) rect = this.mapCanvas.getBoundingClientRect();
      const scale = MAP_SIDE / rect.width;
      return [(event.clientX - rect.left) * scale, (event.clientY - rect.top) * scale];
    };
    box.addEventListener("pointerdown", (event) => {
      box.setPointerCapture(event.pointerId);
      box.focus({ preventScroll: true });
      this.stop();
      this.moveOnMap(...this.map.fromScreen(...place(event)));
      this.dragging = true;
      event.preventDefault();
    });
    box.addEventListener("pointermove", (event) => {
      if (this.dragging) this.moveOnMap(...this.map.fromScreen(...place(event)));
      else this.hover(...place(event));
    });
    for (const end of ["pointerup", "pointercancel"])
      box.addEventListener(end, () => (this.dragging = false));
    box.addEventListener("pointerleave", () => (this.tip.hidden = true));
    box.addEventListener("dblclick", (event) => {
      const sample = this.map.nearestOnScreen(...place(event));
      if (sample >= 0) this.set(this.asState(this.toS(this.space.codeOf(sample))));
    });
    box.addEventListener("keydown", (event) => this.onKey(event));
  }

  moveOnMap(across, upwards) {
    const [x, y] = this.mapAxes;
    this.move(this.n === 1 ? { 0: across } : { [x]: across, [y]: upwards });
  }

  onKey(event) {
    const directions = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    if (event.key === "Home") this.reset();
    else if (!directions[event.key]) return;
    else {
      const [x, y] = this.mapAxes, s = this.s, step = event.shiftKey ? 5 * STEP : STEP;
      const [dx, dy] = directions[event.key];
      this.stop();
      this.moveOnMap(s[x] + dx * step, s[y] + dy * step);
    }
    event.preventDefault();
    event.stopPropagation(); // JupyterLab has meanings of its own for these keys
  }

  hover(x, y) {
    const sample = this.map.nearestOnScreen(x, y);
    this.tip.hidden = sample < 0;
    if (sample < 0 || this.tipped === sample) return this.placeTip(x, y);
    this.tipped = sample;
    const [height, width] = this.about.shape, bytes = this.pictureOf(sample);
    const small = element("canvas", { width, height, className: "tp5-picture", style: "height:70px" });
    if (bytes) this.paint(small, Float32Array.from(bytes, (b) => b / 255), false);
    this.tip.replaceChildren(small, element("div", {}, this.space.nameOf(sample)));
    this.placeTip(x, y);
  }

  placeTip(x, y) {
    this.tip.style.left = `${x > MAP_SIDE / 2 ? x - 110 : x + 18}px`;
    this.tip.style.top = `${Math.min(y, MAP_SIDE - 110)}px`;
  }

  reset() {
    this.stop();
    this.set(this.asState(this.toS(this.about.start)));
  }

  // --- The path ---------------------------------------------------------------------------------

  onPath(t) {
    const [a, b] = [this.get("a"), this.get("b")];
    return a.map((ai, i) => (1 - t) * ai + t * b[i]);
  }

  walkTo(t) {
    this.glide({ ...this.asState(this.onPath(t)), t });
  }

  start() {
    this.playing = true;
    this.play.textContent = "❚❚ pause";
    // Who wants less motion sees eleven still pictures instead of a film.
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    let t = this.get("t") >= 1 ? 0 : this.get("t"), direction = 1, before = null;
    const frame = (now) => {
      if (!this.playing) return;
      const elapsed = before === null ? 0 : (now - before) / 1000;
      if (before === null || !still || elapsed > 0.8) {
        before = now;
        t += direction * (still ? (elapsed ? 0.1 : 0) : elapsed / SECONDS);
        if (t >= 1 || t <= 0) direction = t >= 1 ? -1 : 1;
        this.walkTo(Math.min(1, Math.max(0, t)));
        if (t >= 1 && !this.get("loop")) return this.stop();
      }
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  }

  stop() {
    this.playing = false;
    this.play.textContent = "▶ play";
  }

  destroy() {
    this.stop();
    this.job = null;
    this.set({}); // what the model does not know yet
    if (this.pending) cancelAnimationFrame(this.pending);
    clearTimeout(this.speaking);
    this.model.off(this.changes, this.onChange);
    this.model.off(this.mapChanges, this.onMapChange);
    this.root.remove();
  }
}
