// The explorer as an anywidget: a view asks the kernel for weights and data (element.js), and needs
// no kernel afterwards.

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
    let explorer = null;
    const kernel = askKernel(model, el, ({ kind, about }, buffers) => {
      if (kind !== "data" || explorer) return; // another view of this model has asked, too
      const [weights, codes, pictures] = buffers;
      explorer = new Explorer({
        model, el, about, fetchPicture: (sample) => fetchPicture(model, sample),
        arrays: [numbers(weights), numbers(codes), numbers(pictures, Uint8Array)],
      });
    });
    return () => {
      kernel.stop();
      explorer?.destroy();
    };
  },
};
