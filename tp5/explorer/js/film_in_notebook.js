// The film as an anywidget: a view asks for what is recorded; while a training goes on, more comes.

export default {
  render({ model, el }) {
    let film;
    const bytes = (view) => view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength);
    const { stop } = askKernel(model, el, ({ kind, first, about }, buffers) => {
      if (kind !== "film") return;
      const arrays = filmArrays(buffers.map(bytes));
      if (film && first) film.more(about, arrays);
      else if (film) film.take(about, arrays);
      else film = new Film({ model, el, about, arrays });
    });
    return () => (stop(), film?.destroy());
  },
};
