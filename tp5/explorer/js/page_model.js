// Pages that need no kernel, no server and no network: a model of their own, and what is in them.

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
    if (changed.length) this.dispatchEvent(new Event("change"));
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

const contentOfPage = () => JSON.parse(document.getElementById("tp5-data").textContent);
