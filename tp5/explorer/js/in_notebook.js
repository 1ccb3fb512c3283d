// The explorer as an anywidget. Weights and data are no traits, which a saved notebook would
// hold: the first view asks the kernel for them once, and needs no kernel afterwards.

const asked = new WeakMap(); // model → promise of what the kernel answered

function askForData(model) {
  const answer = new Promise((resolve) => {
    model.on("msg:custom", (message, buffers) => {
      if (message.kind !== "data") return;
      const [weights, codes, pictures] = buffers;
      const arrays = [numbers(weights), numbers(codes), numbers(pictures, Uint8Array)];
      resolve({ about: message.about, arrays });
    });
  });
  model.send({ kind: "ask" });
  return answer;
}

function fetchPicture(model, sample) {
  return new Promise((resolve) => {
    const listen = (message, buffers) => {
      if (message.kind !== "picture" || message.sample !== sample) return;
      model.off("msg:custom", listen);
      resolve(numbers(buffers[0], Uint8Array));
    };
    model.on("msg:custom", listen);
    model.send({ kind: "picture", sample });
  });
}

export default {
  render({ model, el }) {
    let explorer = null, gone = false;
    const asleep = element("p", { role: "status" }, "Run this cell to wake the explorer.");
    const timer = setTimeout(() => el.append(asleep), 1500); // by then a kernel has answered
    if (!asked.has(model)) asked.set(model, askForData(model));
    asked.get(model).then(({ about, arrays }) => {
      clearTimeout(timer);
      asleep.remove();
      if (gone) return;
      explorer = new Explorer({
        model, el, about, arrays, fetchPicture: (sample) => fetchPicture(model, sample),
      });
      el.explorer = explorer;
    });
    return () => {
      gone = true;
      clearTimeout(timer);
      explorer?.destroy();
    };
  },
};
