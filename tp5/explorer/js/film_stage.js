// One picture of a training's film: the map of the codes, and beside it the loss with a mark, the
// samples and what is made of them. On two canvases, which a telephone shows one below the other.

const STAGE = 380; // CSS pixels, each side of both
const CLASS_COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#808080"];
const LABELLED = 400, LONGEST = 5; // samples, and characters of a label, that stand on the map

class FilmStage {
  constructor(about, arrays) {
    this.painter = new Painter(about.shape);
    this.ratio = Math.max(1, window.devicePixelRatio || 1);
    const canvas = (className) => element("canvas",
      { width: STAGE * this.ratio, height: STAGE * this.ratio, className, role: "img" });
    this.map = canvas("tp5-film-map");
    this.side = canvas("tp5-film-side");
    this.tile = element("canvas", { width: this.painter.width, height: this.painter.height });
    this.take(about, arrays);
  }

  take(about, [codes, sigma, pictures, samples]) {
    Object.assign(this, { about, codes, sigma, pictures, samples });
    const classes = [...new Set(about.labels ?? [])];
    const few = classes.length <= CLASS_COLOURS.length && classes.length < about.n_samples;
    this.classes = few ? classes : [];
    this.named = !few && about.labels && about.n_samples <= LABELLED && about.labels.every((label) => label.length <= LONGEST);
  }

  get ink() {
    return getComputedStyle(this.map).color;
  }

  pen(canvas, paper) {
    const pen = canvas.getContext("2d");
    pen.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    pen.clearRect(0, 0, STAGE, STAGE);
    if (paper) (pen.fillStyle = paper), pen.fillRect(0, 0, STAGE, STAGE);
    return pen;
  }

  // `ink` and `paper` where it is to be seen outside this page.
  draw(frame, run, { ink = this.ink, paper = null } = {}) {
    this.drawMap(this.pen(this.map, paper), frame, run, ink);
    this.drawSide(this.pen(this.side, paper), frame, run, ink);
  }

  drawMap(pen, frame, run, ink) {
    const { n_samples, n_runs, box: [left, right, bottom, top], labels, variational } = this.about;
    const x = (z) => ((z - left) / (right - left)) * STAGE, y = (z) => ((top - z) / (top - bottom)) * STAGE;
    const start = (frame * n_runs + run) * n_samples * 2;
    this.drawZero(pen, x(0), y(0), ink);
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.font = "bold 14px sans-serif";
    for (let k = 0; k < n_samples; k++) {
      const at = start + 2 * k, [px, py] = [x(this.codes[at]), y(this.codes[at + 1])];
      const colour = CLASS_COLOURS[this.classes.length ? this.classes.indexOf(labels[k]) : 0];
      if (variational) {
        pen.beginPath();
        pen.ellipse(px, py, Math.abs(x(this.sigma[at]) - x(0)), Math.abs(y(this.sigma[at + 1]) - y(0)), 0, 0, 7);
        pen.globalAlpha = 0.1;
        pen.fillStyle = colour;
        pen.fill();
        pen.globalAlpha = 1;
      }
      pen.fillStyle = colour;
      if (this.named) {
        pen.fillText(labels[k], px, py);
        continue;
      }
      pen.beginPath();
      pen.arc(px, py, 3, 0, 7);
      pen.fill();
    }
    pen.textBaseline = "alphabetic";
  }

  drawZero(pen, x0, y0, ink) {
    pen.strokeStyle = pen.fillStyle = ink;
    pen.globalAlpha = 0.35;
    pen.beginPath();
    pen.moveTo(0, y0), pen.lineTo(STAGE, y0), pen.moveTo(x0, 0), pen.lineTo(x0, STAGE);
    pen.stroke();
    pen.globalAlpha = 0.9;
    pen.font = "14px sans-serif";
    pen.textAlign = "left", pen.fillText("z2", Math.min(STAGE - 24, Math.max(4, x0 + 5)), 16);
    pen.textAlign = "right", pen.fillText("z1", STAGE - 5, Math.min(STAGE - 8, Math.max(16, y0 - 6)));
    pen.globalAlpha = 1;
  }

  drawSide(pen, frame, run, ink) {
    const rows = this.drawTiles(pen, frame, run, ink);
    this.drawLoss(pen, frame, run, ink, STAGE - rows - 44);
  }

  // The samples, and below each what is made of it. Returns how high they are.
  drawTiles(pen, frame, run, ink) {
    const { painter } = this, n = this.about.shown.length, { size, height, width } = painter;
    const cell = Math.min(46, (STAGE - 8) / n), tall = Math.min(64, (cell - 4) * (height / width)), wide = (tall * width) / height;
    const top = STAGE - 2 * (tall + 4);
    const start = (frame * this.about.n_runs + run) * n * size;
    pen.imageSmoothingEnabled = height > 2 * tall;
    for (let k = 0; k < n; k++)
      for (const [row, bytes, from] of [[0, this.samples, k * size], [1, this.pictures, start + k * size]]) {
        painter.paint(this.tile, bytes.subarray(from, from + size), { most: 255 });
        const [x, y] = [4 + k * cell, top + row * (tall + 4)];
        pen.drawImage(this.tile, x, y, wide, tall);
        pen.strokeStyle = "#808080";
        pen.strokeRect(x, y, wide, tall);
      }
    pen.fillStyle = ink;
    pen.font = "14px sans-serif";
    pen.textAlign = "left";
    pen.fillText("samples, and what is made of them", 4, top - 8);
    return 2 * (tall + 4) + 14;
  }

  drawLoss(pen, frame, run, ink, height) {
    const { losses, epochs } = this.about, left = 44, right = STAGE - 12, top = 24;
    const mine = losses.map((row) => row[run]), numbers = mine.filter((loss) => loss !== null);
    const most = this.lossTop(numbers);
    const x = (epoch) => left + (epoch / Math.max(1, losses.length - 1)) * (right - left);
    const y = (loss) => height - (Math.min(loss, most) / most) * (height - top);
    pen.strokeStyle = pen.fillStyle = ink;
    pen.lineWidth = 1;
    pen.beginPath();
    pen.moveTo(left, top), pen.lineTo(left, height), pen.lineTo(right, height);
    pen.stroke();
    pen.font = "14px sans-serif";
    pen.textAlign = "right";
    for (const loss of [0, most]) pen.fillText(`${Number(loss.toPrecision(2))}`, left - 5, y(loss) + 5);
    pen.textAlign = "left", pen.fillText("loss", left + 6, top - 6);
    pen.fillText("0", left, height + 17);
    pen.textAlign = "right", pen.fillText(`epoch ${losses.length - 1}`, right, height + 17);
    pen.strokeStyle = CLASS_COLOURS[0];
    pen.lineWidth = 2;
    pen.beginPath();
    mine.forEach((loss, k) => loss !== null && pen.lineTo(x(k), y(loss)));
    pen.stroke();
    const epoch = epochs[frame], now = mine[epoch];
    pen.fillStyle = CLASS_COLOURS[1];
    pen.beginPath();
    pen.arc(x(epoch), y(now ?? most), 6, 0, 7);
    pen.fill();
  }

  // A first loss far above all others would flatten the rest.
  lossTop(numbers) {
    const sorted = [...numbers].sort((a, b) => a - b);
    return sorted.length ? 1.1 * Math.max(sorted[Math.floor(0.97 * (sorted.length - 1))], 1e-12) : 1;
  }

  describe(frame, run) {
    const { epochs, losses } = this.about, loss = losses[epochs[frame]][run];
    const when = epochs[frame] ? `after epoch ${epochs[frame]} of ${losses.length - 1}` : "untrained";
    return `${when}: ${loss === null ? "diverged" : `loss ${loss.toFixed(2)}`}`;
  }

  // Both halves side by side, as RGBA bytes on white.
  still(frame, run) {
    this.draw(frame, run, { ink: "#212121", paper: "#fff" });
    const both = element("canvas", { width: 2 * STAGE, height: STAGE }), pen = both.getContext("2d");
    pen.drawImage(this.map, 0, 0, STAGE, STAGE);
    pen.drawImage(this.side, STAGE, 0, STAGE, STAGE);
    return pen.getImageData(0, 0, 2 * STAGE, STAGE).data;
  }
}
