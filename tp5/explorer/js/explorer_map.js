// The room of the map: what one does with it by mouse, finger and keys, and the pictures under it.

const STEP = 0.05; // spreads, for one press of an arrow key; with shift five times that
const CELLS = 15; // thumbnails in a row
const SIGNS = { circle: "●", square: "■", triangle: "▲", diamond: "◆", cross: "✚", ring: "○", bar: "▬" };

class MapRoom {
  // `decode` is a decoder of this room's own; `begin` and `reset` are called when a hand moves z.
  constructor({ place, space, about, painter, samples, decode, begin, reset }) {
    Object.assign(this, { place, space, about, painter, samples, decode, begin, reset });
    this.marking = markingOf(about.labels, about.n_samples);
    this.canvas = element("canvas", { className: "tp5-map-canvas" });
    this.tip = element("div", { className: "tp5-tip", hidden: true });
    this.box = element("div",
      { className: "tp5-map", tabIndex: 0, role: "application", ariaLabel: "map of the latent space: arrow keys move z, shift for larger steps, Home goes back" },
      this.canvas, this.tip);
    this.caption = element("figcaption");
    this.figure = element("figure", {}, this.box, this.caption);
    this.dragging = false;
    this.listenToHands();
    place.listen(["manifold", "pca", "across", "upwards"], () => (this.drawBack(), place.redrawSoon()));
  }

  // Once the canvas is in the page, which gives it its colours.
  open() {
    this.map = new LatentMap(this.canvas, { limit: this.about.limit, flat: this.about.n_latent === 1 });
    this.drawBack();
  }

  draw({ s, nearest, cloud }) {
    const at = (point) => this.place.mapAxes.map((axis) => point[axis]);
    const ends = { a: at(this.place.get("a")), b: at(this.place.get("b")) };
    this.map.draw({ point: at(s), ...ends, nearest, cloud });
  }

  // --- What seldom changes ------------------------------------------------------------------

  drawBack() {
    const { place, about } = this, [x, y] = place.mapAxes, { names } = place;
    const points = new Float32Array(2 * about.n_samples);
    for (let k = 0; k < about.n_samples; k++) {
      const s = place.toS(this.space.codeOf(k));
      points.set([s[x], s[y]], 2 * k);
    }
    this.back = { points, labels: about.labels, marking: this.marking, names: [names[x], names[y]], thumbnails: null };
    this.job = null;
    if (about.n_latent > 1 && place.get("manifold")) this.startThumbnails();
    this.map.drawBack(this.back);
    const unit = "in spreads of the data, 0 is their mean";
    this.caption.textContent =
      about.n_latent === 1 ? `${names[0]} ${unit}` : `${names[x]} across, ${names[y]} upwards, ${unit}`;
    const outside = points.reduce((n, s) => n + (Math.abs(s) > about.limit), 0);
    if (outside) this.caption.textContent += `; ${outside} samples lie beyond the map`;
    if (this.marking.kind === "class") this.caption.append(this.legend());
  }

  legend() {
    const entries = this.marking.classes.map((name, k) =>
      element("span", {}, element("b", { style: `color:${PALETTE[k]}` }, SIGNS[MARKERS[k]]), ` ${name}`));
    return element("div", { className: "tp5-legend" }, ...entries);
  }

  // Decode a grid of points and draw the pictures under the map, a few of them before each frame
  // so that nothing freezes. A newer call ends an older one.
  startThumbnails() {
    const { height, width } = this.painter, size = Math.max(height, width);
    const cell = size + (size < 20 ? 2 : 0), side = CELLS * cell; // small ones need a gap
    const all = (this.back.thumbnails = element("canvas", { width: side, height: side }));
    const pen = all.getContext("2d"), small = element("canvas", { width, height });
    const job = (this.job = {}), [x, y] = this.place.mapAxes, { s } = this.place, { limit } = this.about;
    pen.fillStyle = "white";
    pen.fillRect(0, 0, side, side);
    let k = 0;
    const some = () => {
      if (this.job !== job) return;
      for (const end = performance.now() + 8; k < CELLS * CELLS && performance.now() < end; k++) {
        const [column, row] = [k % CELLS, Math.floor(k / CELLS)];
        s[x] = limit * ((2 * column + 1) / CELLS - 1);
        s[y] = limit * (1 - (2 * row + 1) / CELLS);
        this.painter.paint(small, this.decode(this.place.toZ(s)));
        pen.drawImage(small, column * cell + ((cell - width) >> 1), row * cell + ((cell - height) >> 1));
      }
      this.map.drawBack(this.back);
      this.place.redrawSoon();
      if (k < CELLS * CELLS) requestAnimationFrame(some);
    };
    requestAnimationFrame(some);
  }

  // --- Hands --------------------------------------------------------------------------------

  listenToHands() {
    const { box } = this;
    let rect; // asked once a drag: the answer makes the browser lay out the whole page
    const at = (event) => {
      if (!this.dragging) rect = this.canvas.getBoundingClientRect();
      const scale = MAP_SIDE / rect.width;
      return [(event.clientX - rect.left) * scale, (event.clientY - rect.top) * scale];
    };
    box.addEventListener("pointerdown", (event) => {
      box.setPointerCapture(event.pointerId);
      box.focus({ preventScroll: true });
      this.begin();
      this.moveTo(...this.map.fromScreen(...at(event)));
      this.dragging = true;
      event.preventDefault();
    });
    box.addEventListener("pointermove", (event) => {
      if (this.dragging) this.moveTo(...this.map.fromScreen(...at(event)));
      else this.hover(...at(event));
    });
    for (const end of ["pointerup", "pointercancel"]) box.addEventListener(end, () => (this.dragging = false));
    box.addEventListener("pointerleave", () => (this.tip.hidden = true));
    box.addEventListener("dblclick", (event) => {
      const sample = this.map.nearestOnScreen(...at(event));
      if (sample >= 0) this.place.goTo(this.space.codeOf(sample));
    });
    box.addEventListener("keydown", (event) => this.onKey(event));
  }

  moveTo(across, upwards) {
    const [x, y] = this.place.mapAxes;
    this.place.move(this.about.n_latent === 1 ? { 0: across } : { [x]: across, [y]: upwards });
  }

  onKey(event) {
    const directions = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    if (event.key === "Home") this.reset();
    else if (!directions[event.key]) return;
    else {
      const [x, y] = this.place.mapAxes, { s } = this.place, step = event.shiftKey ? 5 * STEP : STEP;
      const [dx, dy] = directions[event.key];
      this.begin();
      this.moveTo(s[x] + dx * step, s[y] + dy * step);
    }
    event.preventDefault();
    event.stopPropagation(); // JupyterLab has meanings of its own for these keys
  }

  hover(x, y) {
    const sample = this.map.nearestOnScreen(x, y);
    this.tip.hidden = sample < 0;
    this.tip.style.left = `${x > MAP_SIDE / 2 ? x - 110 : x + 18}px`;
    this.tip.style.top = `${Math.min(y, MAP_SIDE - 110)}px`;
    if (sample < 0 || this.tipped === sample) return;
    this.tipped = sample;
    const small = this.painter.canvas(this.space.nameOf(sample));
    small.style.cssText += ";width:auto;height:70px";
    this.painter.paint(small, this.samples.picture(sample), { most: 255 });
    this.tip.replaceChildren(small, element("div", {}, this.space.nameOf(sample)));
  }

  destroy() {
    this.job = null;
  }
}
