// The map of a latent space: the encoded data, the point z, the way from A to B.
// What seldom changes (data, thumbnails, axes) is drawn once on a canvas of its own.

const PALETTE = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#808080"];
const MARKERS = ["circle", "square", "triangle", "diamond", "cross", "ring", "bar"];
const MAP_SIDE = 380; // CSS pixels
const DOTS = 3000; // samples: above, a density is drawn instead of dots

function tracePath(pen, marker, x, y, r) {
  const polygon = (...points) => points.forEach(([dx, dy]) => pen.lineTo(x + dx * r, y + dy * r));
  if (marker === "circle" || marker === "ring") pen.arc(x, y, r, 0, 7);
  else if (marker === "square") polygon([-1, -1], [1, -1], [1, 1], [-1, 1]);
  else if (marker === "triangle") polygon([0, -1.2], [1.2, 1], [-1.2, 1]);
  else if (marker === "diamond") polygon([0, -1.4], [1.4, 0], [0, 1.4], [-1.4, 0]);
  else if (marker === "bar") polygon([-1.5, -0.5], [1.5, -0.5], [1.5, 0.5], [-1.5, 0.5]);
  else polygon([-1.3, 0], [0, 0], [0, -1.3], [0, 0], [1.3, 0], [0, 0], [0, 1.3], [0, 0]);
  pen.closePath();
}

// How the samples are marked: by their own label, by the class that a label names, or by a dot.
function markingOf(labels, n_samples) {
  if (n_samples > DOTS) return { kind: "density" };
  const classes = [...new Set(labels ?? [])];
  if (labels && classes.length <= PALETTE.length && classes.length < n_samples)
    return { kind: "class", classes };
  const short = labels && n_samples <= 400 && labels.every((label) => label.length <= 5);
  return { kind: short ? "label" : "dot" };
}

class LatentMap {
  constructor(canvas, { limit, flat }) {
    this.canvas = canvas;
    this.pen = canvas.getContext("2d");
    this.limit = limit;
    this.flat = flat; // one latent dimension: the map is a line
    this.back = document.createElement("canvas");
    this.ratio = Math.max(1, window.devicePixelRatio || 1);
    for (const c of [canvas, this.back]) c.width = c.height = MAP_SIDE * this.ratio;
    this.places = new Float32Array(0);
  }

  toScreen(across, upwards) {
    const unit = MAP_SIDE / (2 * this.limit);
    return [(across + this.limit) * unit, (this.limit - upwards) * unit];
  }

  fromScreen(x, y) {
    const unit = (2 * this.limit) / MAP_SIDE;
    return [x * unit - this.limit, this.limit - y * unit];
  }

  nearestOnScreen(x, y, within = 14) {
    let best = -1, smallest = within * within;
    for (let k = 0; k < this.places.length; k += 2) {
      const d = (this.places[k] - x) ** 2 + (this.places[k + 1] - y) ** 2;
      if (d < smallest) [best, smallest] = [k / 2, d];
    }
    return best;
  }

  // Draw what seldom changes. `thumbnails` is a canvas to lay under the data, or null.
  drawBack({ points, labels, marking, names, thumbnails }) {
    const pen = this.back.getContext("2d");
    const style = getComputedStyle(this.canvas);
    this.ink = style.color;
    pen.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    pen.clearRect(0, 0, MAP_SIDE, MAP_SIDE);
    if (thumbnails) {
      pen.imageSmoothingEnabled = thumbnails.width > MAP_SIDE; // drawings shrink, glyphs grow
      pen.imageSmoothingQuality = "high";
      pen.fillStyle = "white";
      pen.fillRect(0, 0, MAP_SIDE, MAP_SIDE);
      pen.globalAlpha = marking.kind === "label" ? 0.5 : 1; // labels must stay legible on them
      pen.drawImage(thumbnails, 0, 0, MAP_SIDE, MAP_SIDE);
      pen.globalAlpha = 1;
    }
    this.places = new Float32Array(points.length);
    for (let k = 0; k < points.length; k += 2)
      this.places.set(this.toScreen(points[k], this.flat ? 0 : points[k + 1]), k);
    if (this.flat) this.stagger();
    if (!thumbnails) this.drawAxes(pen, names);
    if (marking.kind === "density") this.drawDensity(pen);
    else this.drawSamples(pen, labels, marking, thumbnails !== null);
  }

  // On a line neighbours hide each other: spread them over nine rows.
  stagger() {
    const order = Array.from({ length: this.places.length / 2 }, (_, k) => k);
    order.sort((i, j) => this.places[2 * i] - this.places[2 * j]);
    order.forEach((k, rank) => (this.places[2 * k + 1] += ((rank % 9) - 4) * 20));
  }

  drawAxes(pen, names) {
    const [x0, y0] = this.toScreen(0, 0);
    pen.strokeStyle = pen.fillStyle = this.ink;
    pen.globalAlpha = 0.35;
    pen.lineWidth = 1;
    pen.beginPath();
    pen.moveTo(0, y0), pen.lineTo(MAP_SIDE, y0);
    if (!this.flat) pen.moveTo(x0, 0), pen.lineTo(x0, MAP_SIDE);
    pen.stroke();
    pen.globalAlpha = 0.8;
    pen.font = "14px sans-serif";
    const step = this.limit > 4 ? 2 : 1;
    for (let s = -Math.floor(this.limit / step) * step; s < this.limit; s += step) {
      const [x, y] = this.toScreen(s, s);
      if (s === 0 || s <= -this.limit) continue;
      pen.textAlign = "center", pen.fillText(`${s}`.replace("-", "−"), x, MAP_SIDE - 5);
      pen.textAlign = "left";
      if (!this.flat) pen.fillText(`${s}`.replace("-", "−"), 4, y + 5);
    }
    pen.font = "bold 14px sans-serif";
    pen.textAlign = "right", pen.fillText(names[0], MAP_SIDE - 6, y0 - 6);
    pen.textAlign = "left";
    if (!this.flat) pen.fillText(names[1], x0 + 6, 16);
    pen.globalAlpha = 1;
  }

  drawSamples(pen, labels, marking, overPictures) {
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.font = "bold 14px sans-serif";
    pen.lineWidth = 3;
    for (let k = 0; k < this.places.length / 2; k++) {
      const [x, y] = [this.places[2 * k], this.places[2 * k + 1]];
      const kind = marking.kind === "class" ? marking.classes.indexOf(labels[k]) : 0;
      pen.strokeStyle = "white";
      pen.fillStyle = PALETTE[kind];
      if (marking.kind === "label") {
        if (overPictures) pen.strokeText(labels[k], x, y);
        pen.fillText(labels[k], x, y);
        continue;
      }
      pen.beginPath();
      tracePath(pen, MARKERS[kind], x, y, overPictures ? 2.5 : 4);
      const line = MARKERS[kind] === "ring" || MARKERS[kind] === "cross";
      if (line) (pen.lineWidth = 2), (pen.strokeStyle = PALETTE[kind]), pen.stroke(), (pen.lineWidth = 3);
      else pen.fill();
    }
    pen.textBaseline = "alphabetic";
  }

  // Where there are too many samples for dots: the darker a cell, the more lie in it.
  drawDensity(pen) {
    const n = 95, cell = MAP_SIDE / n, counts = new Float32Array(n * n);
    for (let k = 0; k < this.places.length; k += 2) {
      const [column, row] = [Math.floor(this.places[k] / cell), Math.floor(this.places[k + 1] / cell)];
      if (column >= 0 && column < n && row >= 0 && row < n) counts[row * n + column]++;
    }
    const most = Math.sqrt(counts.reduce((a, b) => Math.max(a, b), 1));
    pen.fillStyle = PALETTE[0];
    counts.forEach((count, k) => {
      if (!count) return;
      pen.globalAlpha = 0.15 + (0.85 * Math.sqrt(count)) / most;
      pen.fillRect((k % n) * cell, Math.floor(k / n) * cell, cell + 0.3, cell + 0.3);
    });
    pen.globalAlpha = 1;
  }

  // What lies beyond the map is marked on its edge.
  within([x, y]) {
    return [x, y].map((at) => Math.min(MAP_SIDE - 4, Math.max(4, at)));
  }

  // Draw all: the back as it is, and over it what moves. `cloud` is an ellipse, or null.
  draw({ point, a, b, nearest, cloud }) {
    const pen = this.pen;
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
    pen.drawImage(this.back, 0, 0);
    pen.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    const screen = (place) => this.toScreen(place[0], this.flat ? 0 : place[1]);
    this.drawWay(pen, screen(a), screen(b));
    if (cloud) this.drawCloud(pen, cloud);
    const [x, y] = this.within(screen(point));
    if (nearest >= 0) {
      pen.strokeStyle = this.ink;
      pen.lineWidth = 1.5;
      pen.setLineDash([2, 3]);
      pen.beginPath();
      pen.moveTo(x, y), pen.lineTo(this.places[2 * nearest], this.places[2 * nearest + 1]);
      pen.stroke();
      pen.setLineDash([]);
    }
    for (const [colour, width] of [["white", 6], ["#D55E00", 3]]) {
      pen.strokeStyle = colour;
      pen.lineWidth = width;
      pen.beginPath();
      pen.arc(x, y, 10, 0, 7);
      pen.moveTo(x - 15, y), pen.lineTo(x - 5, y), pen.moveTo(x + 5, y), pen.lineTo(x + 15, y);
      pen.moveTo(x, y - 15), pen.lineTo(x, y - 5), pen.moveTo(x, y + 5), pen.lineTo(x, y + 15);
      pen.stroke();
    }
  }

  // One σ of a variational encoder's answer.
  drawCloud(pen, { centre, radii, angle }) {
    const unit = MAP_SIDE / (2 * this.limit), [x, y] = this.toScreen(centre[0], this.flat ? 0 : centre[1]);
    const [rx, ry] = this.flat ? [radii[0] * unit, 12] : radii.map((radius) => Math.max(1.5, radius * unit));
    pen.beginPath();
    pen.ellipse(x, y, rx, ry, this.flat ? 0 : -angle, 0, 7);
    pen.fillStyle = "#D55E00";
    pen.globalAlpha = 0.18;
    pen.fill();
    pen.globalAlpha = 1;
    for (const [colour, width] of [["white", 4], ["#D55E00", 2]])
      (pen.strokeStyle = colour), (pen.lineWidth = width), pen.stroke();
  }

  drawWay(pen, a, b) {
    pen.strokeStyle = "#009E73";
    pen.lineWidth = 2.5;
    pen.setLineDash([7, 4]);
    pen.beginPath();
    pen.moveTo(...a), pen.lineTo(...b);
    pen.stroke();
    pen.setLineDash([]);
    pen.font = "bold 15px sans-serif";
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    for (const [name, [x, y]] of [["A", a], ["B", b]]) {
      pen.fillStyle = "#00664B";
      pen.beginPath();
      pen.arc(x, y - 20, 10, 0, 7);
      pen.fill();
      pen.fillStyle = "white";
      pen.fillText(name, x, y - 19);
    }
    pen.textBaseline = "alphabetic";
  }
}
