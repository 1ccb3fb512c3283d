// The explorer as an anywidget. Weights and data are no traits, which a saved notebook would hold:
// a model asks the kernel for them, once for all of its views and for whatever else on this page
// shows the same. Afterwards no kernel is needed.

// By `key`: who uses it, and, once it is here, what. On the page, for explorers of other cells.
const shared = (globalThis.tp5Shared ??= new Map());

function borrow(key) {
  if (!shared.has(key)) shared.set(key, { users: 0, data: null, waiting: [] });
  const entry = shared.get(key);
  entry.users += 1;
  return entry;
}

function giveBack(key) {
  const entry = shared.get(key);
  if (entry && --entry.users === 0) shared.delete(key);
}

function ask(model, request, fits) {
  return new Promise((resolve) => {
    const listen = (message, buffers) => {
      if (!fits(message)) return;
      model.off("msg:custom", listen);
      resolve([message, buffers]);
    };
    model.on("msg:custom", listen);
    model.send(request);
  });
}

async function fetchPicture(model, sample) {
  const fits = (message) => message.kind === "picture" && message.sample === sample;
  const [, [bytes]] = await ask(model, { kind: "picture", sample }, fits);
  return numbers(bytes, Uint8Array);
}

// What draws asks for the encoder; who only looks does without.
function fetchEncoder(model, data) {
  data.encoder ??= ask(model, { kind: "encoder" }, ({ kind }) => kind === "encoder").then(
    ([{ layers }, [weights]]) => [layers, numbers(weights)],
  );
  return data.encoder;
}

// Sliders and point move together here, without the kernel: it hears of the point alone.
async function linkSliders(model, signal) {
  const ids = model.get("sliders").map((name) => name.replace("IPY_MODEL_", ""));
  const sliders = await Promise.all(ids.map((id) => model.widget_manager.get_model(id)));
  if (signal.aborted) return;
  let saving = null;
  const save = () => ((saving = null), model.save_changes());
  sliders.forEach((slider, i) => {
    const key = `s${i + 1}`;
    const toPoint = () => {
      if (slider.get("value") === model.get(key)) return;
      model.set(key, slider.get("value"));
      saving ??= setTimeout(save, COMMIT);
    };
    const toSlider = () => slider.set("value", model.get(key));
    slider.on("change:value", toPoint);
    model.on(`change:${key}`, toSlider);
    signal.addEventListener("abort", () => (slider.off("change:value", toPoint), model.off(`change:${key}`, toSlider)));
  });
}

export default {
  initialize({ model }) {
    const key = model.get("key"), entry = borrow(key), end = new AbortController();
    linkSliders(model, end.signal);
    if (!entry.data)
      ask(model, { kind: "ask" }, ({ kind }) => kind === "data").then(([{ about }, [weights, codes, pictures]]) => {
        entry.data ??= { about, arrays: [numbers(weights), numbers(codes), numbers(pictures, Uint8Array)] };
        for (const hear of entry.waiting.splice(0)) hear();
      });
    return () => (end.abort(), giveBack(key));
  },

  render({ model, el }) {
    const key = model.get("key"), entry = borrow(key), asleep = asleepNote(el);
    let explorer = null, closed = false;
    const open = () => {
      asleep.end();
      if (closed) return;
      const { data } = entry;
      explorer = new Explorer({
        model, el, ...data,
        fetchPicture: (sample) => fetchPicture(model, sample), fetchEncoder: () => fetchEncoder(model, data),
      });
    };
    if (entry.data) open();
    else entry.waiting.push(open);
    return () => {
      closed = true;
      asleep.end();
      explorer?.destroy();
      giveBack(key);
    };
  },
};
