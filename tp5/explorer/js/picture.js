// Pictures on the screen. Grey ones hold ink: 1 is drawn black, on white paper in a dark theme too.
// Colour ones, of shape [height, width, 3], hold light and are shown as they are.

const MOST_HEIGHT = 220, MOST_WIDTH = 340; // CSS pixels

class Painter {
  constructor([height, width, channels = 1]) {
    Object.assign(this, { height, width, channels, size: height * width * channels });
  }

  canvas(name) {
    const { height, width } = this, scale = Math.min(MOST_HEIGHT / height, MOST_WIDTH / width);
    const style = `width:${Math.round(scale * width)}px;aspect-ratio:${width}/${height}`;
    return element("canvas", { width, height, className: "tp5-picture", role: "img", style, ariaLabel: name });
  }

  // `values` in [0, 1], or in 0 … 255 with `most` 255; none at all is white.
  paint(canvas, values, { threshold = false, most = 1 } = {}) {
    const pen = canvas.getContext("2d");
    const pixels = pen.createImageData(this.width, this.height);
    const words = new Uint32Array(pixels.data.buffer); // little-endian: 0xAABBGGRR
    const byte = (value) => Math.round((255 / most) * value);
    if (!values?.length) words.fill(0xffffffff);
    else if (this.channels === 3)
      for (let k = 0; k < words.length; k++)
        words[k] = 0xff000000 | (byte(values[3 * k + 2]) << 16) | (byte(values[3 * k + 1]) << 8) | byte(values[3 * k]);
    else
      for (let k = 0; k < words.length; k++) {
        const grey = 255 - (threshold ? 255 * (values[k] > most / 2) : byte(values[k]));
        words[k] = 0xff000000 | (grey << 16) | (grey << 8) | grey;
      }
    pen.putImageData(pixels, 0, 0);
  }

  // Small pictures grow by a whole number, so that pixels stay pixels.
  enlarge(canvas) {
    const scale = Math.max(1, Math.floor(320 / canvas.height));
    const large = element("canvas", { width: canvas.width * scale, height: canvas.height * scale });
    const pen = large.getContext("2d");
    pen.imageSmoothingEnabled = false;
    pen.drawImage(canvas, 0, 0, large.width, large.height);
    return large;
  }
}

// The samples' pictures: all of them at hand as bytes, or fetched one at a time.
class Samples {
  constructor(painter, bytes, fetchPicture, arrived) {
    Object.assign(this, { painter, bytes, fetchPicture, arrived, fetched: new Map() });
  }

  get atHand() {
    return this.bytes.length > 0;
  }

  // Bytes, or null while they are on their way.
  picture(sample) {
    const { size } = this.painter;
    if (this.atHand) return this.bytes.subarray(sample * size, (sample + 1) * size);
    if (!this.fetched.has(sample) && this.fetchPicture) {
      this.fetched.set(sample, null);
      this.fetchPicture(sample).then((bytes) => (this.fetched.set(sample, bytes), this.arrived()));
    }
    return this.fetched.get(sample) ?? null;
  }
}
