// The explorer as a page of its own: no kernel, no server, no network.

class PageModel extends EventTarget {
  constructor(state) {
    super();
    this.state = state;
  }
  get(name) {
    return this.state[name];
  }
  set(changes) {
    const changed = Object.keys(changes).filter((name) => this.state[name] !== changes[name]);
    Object.assign(this.state, changes);
    for (const name of changed) this.dispatchEvent(new Event(`change:${name}`));
  }
  on(names, listener) {
    for (const name of names.split(" ")) this.addEventListener(name, listener);
  }
  off(names, listener) {
    for (const name of names.split(" ")) this.removeEventListener(name, listener);
  }
  save_changes() {} // there is nobody to tell
}

// From base64, and unzipped.
function bytesFrom(base64) {
  const zipped = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const stream = new Blob([zipped]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}

// Half-precision numbers (IEEE 754 binary16) as float32.
function fromHalves(halves) {
  return Float32Array.from(halves, (h) => {
    const sign = h & 0x8000 ? -1 : 1, exponent = (h >> 10) & 31, fraction = h & 1023;
    return sign * (exponent ? 2 ** (exponent - 15) * (1 + fraction / 1024) : 2 ** -14 * (fraction / 1024));
  });
}

const { about, state, half, arrays } = JSON.parse(document.getElementById("tp5-data").textContent);
const [weights, codes, pictures] = await Promise.all(arrays.map(bytesFrom));
window.explorer = new Explorer({
  model: new PageModel(state),
  el: document.getElementById("tp5-here"),
  about,
  arrays: [
    half ? fromHalves(new Uint16Array(weights)) : new Float32Array(weights),
    new Float32Array(codes),
    new Uint8Array(pictures),
  ],
  ownSliders: true,
});
