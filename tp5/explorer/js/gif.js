// A GIF89a file from grey pictures: frames are Uint8Arrays of width·height, 0 is black.

function makeGif(frames, width, height, hundredths) {
  const bytes = [];
  const word = (n) => bytes.push(n & 255, n >> 8);
  const text = (s) => bytes.push(...[...s].map((c) => c.charCodeAt(0)));
  text("GIF89a");
  word(width), word(height);
  bytes.push(0xf6, 0, 0); // a palette of 128 colours, shared by all frames
  for (let grey = 0; grey < 128; grey++) bytes.push(grey * 2, grey * 2, grey * 2);
  bytes.splice(-3, 3, 255, 255, 255);
  bytes.push(0x21, 0xff, 11), text("NETSCAPE2.0"), bytes.push(3, 1, 0, 0, 0); // for ever
  for (const frame of frames) {
    bytes.push(0x21, 0xf9, 4, 0), word(hundredths), bytes.push(0, 0);
    bytes.push(0x2c), word(0), word(0), word(width), word(height), bytes.push(0);
    const coded = lzw(frame.map((grey) => grey >> 1));
    bytes.push(7);
    for (let k = 0; k < coded.length; k += 255) {
      const block = coded.slice(k, k + 255);
      bytes.push(block.length, ...block);
    }
    bytes.push(0);
  }
  bytes.push(0x3b);
  return new Uint8Array(bytes);
}

// Lempel–Ziv–Welch as GIF wants it (Welch 1984; GIF89a, appendix F), for symbols 0 to 127.
function lzw(symbols) {
  const CLEAR = 128, END = 129;
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
    [next, size] = [END + 1, 8];
  };
  size = 8;
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
