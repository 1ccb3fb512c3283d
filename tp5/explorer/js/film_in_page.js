// The film as a page of its own.

const { about, state, arrays } = contentOfPage();
window.film = new Film({
  model: new PageModel(state),
  el: document.getElementById("tp5-here"),
  about,
  arrays: filmArrays(await Promise.all(arrays.map(bytesFrom))),
});
