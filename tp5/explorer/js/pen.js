// A sheet to draw on: bytes in 0 … 255, one a pixel (255 is ink), or three for a colour.

const UNDO = 60; // steps back

class Sheet {
  constructor({ height, width, channels, size }) {
    Object.assign(this, { height, width, channels });
    this.paper = channels === 3 ? 255 : 0;
    this.bytes = new Uint8Array(size).fill(this.paper);
    this.before = [];
  }

  get empty() {
    return this.bytes.every((byte) => byte === this.paper);
  }

  // To be called before a change: a stroke is one step back.
  keep() {
    this.before.push(this.bytes.slice());
    if (this.before.length > UNDO) this.before.shift();
  }

  undo() {
    if (this.before.length) this.bytes = this.before.pop();
  }

  replace(bytes) {
    this.keep();
    this.bytes = Uint8Array.from(bytes);
  }

  clear() {
    this.replace(new Uint8Array(this.bytes.length).fill(this.paper));
  }

  mirror() {
    const { width, channels, bytes } = this;
    this.replace(bytes.map((_, i) => {
      const [channel, pixel] = [i % channels, Math.floor(i / channels)], column = pixel % width;
      return bytes[(pixel - column + width - 1 - column) * channels + channel];
    }));
  }

  ink(row, column) {
    return this.bytes[(row * this.width + column) * this.channels];
  }

  // A stroke begins on what is there now.
  begin() {
    this.keep();
    this.under = this.bytes.slice();
    this.covered = new Float32Array(this.height * this.width);
  }

  // A pixel takes on a colour, wholly or in part. Where the stroke comes again, or a piece of it
  // meets the next, ink is not laid on twice.
  cover(row, column, colour, part) {
    const pixel = row * this.width + column;
    if (part <= this.covered[pixel]) return;
    this.covered[pixel] = part;
    colour.forEach((wanted, channel) => {
      const at = pixel * this.channels + channel;
      this.bytes[at] = Math.round(this.under[at] + part * (wanted - this.under[at]));
    });
  }

  // A piece of a stroke, from (x0, y0) to (x1, y1), with round ends; in pixels, from the corner. A
  // pixel is covered as far as the pen reaches over its middle: what our drawings get by averaging.
  line(x0, y0, x1, y1, wide, colour) {
    const reach = wide / 2 + 0.5, [dx, dy] = [x1 - x0, y1 - y0], length2 = dx * dx + dy * dy;
    const range = (a, b, n) => [Math.max(0, Math.floor(Math.min(a, b) - reach)), Math.min(n - 1, Math.ceil(Math.max(a, b) + reach))];
    const [left, right] = range(x0, x1, this.width), [top, bottom] = range(y0, y1, this.height);
    for (let row = top; row <= bottom; row++)
      for (let column = left; column <= right; column++) {
        const [px, py] = [column + 0.5 - x0, row + 0.5 - y0];
        const t = length2 ? Math.min(1, Math.max(0, (px * dx + py * dy) / length2)) : 0;
        const part = Math.min(1, wide, reach - Math.hypot(px - t * dx, py - t * dy));
        if (part > 0) this.cover(row, column, colour, part);
      }
  }
}
