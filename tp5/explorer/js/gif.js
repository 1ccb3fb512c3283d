// A GIF89a file. Frames are RGBA bytes, as a canvas gives them, of width·height pixels.

// A palette is at most 256 colours, and for each pixel the number of its colour.
const GREYS = {
  colours: Array.from({ length: 128 }, (_, k) => (k === 127 ? [255, 255, 255] : [2 * k, 2 * k, 2 * k])),
  numberOf: (red) => red >> 1,
};
// Six reds, seven greens, six blues: evenly spread, so that no film has a palette to be found first.
const nearestLevel = (byte, n) => Math.round((byte / 255) * (n - 1));
const COLOURS = {
  colours: Array.from({ length: 252 }, (_, k) =>
    [[Math.floor(k / 42), 6], [Math.floor(k / 6) % 7, 7], [k % 6, 6]].map(([at, n]) => Math.round((255 * at) / (n - 1)))),
  numberOf: (red, green, blue) => 42 * nearestLevel(red, 6) + 6 * nearestLevel(green, 7) + nearestLevel(blue, 6),
};

function makeGif(frames, width, height, hundredths, { colours, numberOf } = GREYS) {
  const bytes = [], bits = colours.length > 128 ? 8 : 7;
  const word = (n) => bytes.push(n & 255, n >> 8);
  const text = (s) => bytes.push(...[...s].map((c) => c.charCodeAt(0)));
  text("GIF89a");
  word(width), word(height);
  bytes.push(0xf0 | (bits - 1), 0, 0); // one palette, shared by all frames
  for (let k = 0; k < 1 << bits; k++) bytes.push(...(colours[k] ?? [0, 0, 0]));
  bytes.push(0x21, 0xff, 11), text("NETSCAPE2.0"), bytes.push(3, 1, 0, 0, 0); // for ever
  for (const frame of frames) {
    bytes.push(0x21, 0xf9, 4, 0), word(hundredths), bytes.push(0, 0);
    bytes.push(0x2c), word(0), word(0), word(width), word(height), bytes.push(0, bits);
    const numbers = Uint8Array.from({ length: frame.length / 4 }, (_, i) =>
      numberOf(frame[4 * i], frame[4 * i + 1], frame[4 * i + 2]));
    const coded = lzw(numbers, bits);
    for (let k = 0; k < coded.length; k += 255) {
      const block = coded.slice(k, k + 255);
      bytes.push(block.length, ...block);
    }
    bytes.push(0);
  }
  bytes.push(0x3b);
  return new Uint8Array(bytes);
}

// Lempel–Ziv–Welch as GIF wants it (Welch 1984; GIF89a, appendix F), for symbols of some bits.
function lzw(symbols, bits) {
  const CLEAR = 1 << bits, END = CLEAR + 1;
  const out = [];
  let buffer = 0, filled = 0, size, table, next;
  const emit = (code) => {
    buffer |= code << filled;
    filled += size;
    for (; filled >= 8; filled -= 8, buffer >>>= 8) out.push(buffer & 255);
  };
  const restart = () => {
    if (size) emit(CLEAR);
    table = new Map();
    [next, size] = [END + 1, bits + 1];
  };
  size = bits + 1;
  restart();
  let code = symbols[0];
  for (let k = 1; k < symbols.length; k++) {
    const longer = (code << 8) | symbols[k];
    if (table.has(longer)) {
      code = table.get(longer);
      continue;
    }
    emit(code);
    table.set(longer, next++);
    if (next > 1 << size && size < 12) size++;
    else if (next === 4096) restart();
    code = symbols[k];
  }
  emit(code);
  emit(END);
  if (filled) out.push(buffer & 255);
  return out;
}
