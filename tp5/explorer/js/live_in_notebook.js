// Live training as an anywidget: the kernel trains, a view shows.

export default {
  render({ model, el }) {
    let view;
    const { expect, stop } = askKernel(model, el, (message, buffers) => {
      if (message.kind === "data") view ??= new LiveView(model, el, message, () => expect());
      else view?.hear(message, buffers);
    });
    return () => (stop(), view?.destroy());
  },
};
