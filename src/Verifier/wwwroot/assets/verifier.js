// Shows a transaction's changes as they happen: on each event the page is read again and its live part replaced.
(() => {
  const find = () => document.querySelector("[data-events]");
  if (!find() || !window.EventSource) return;
  const source = new EventSource(find().dataset.events);

  const refresh = async (state) => {
    if (find()?.dataset.state === state) return;
    const answer = await fetch(location.pathname, { headers: { Accept: "text/html" }, credentials: "same-origin" });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = page.querySelector("[data-state]");
    if (!next) return;
    document.querySelector("[data-state]").replaceWith(next);
    document.title = page.title;
    if (!find()) source.close();
  };

  source.addEventListener("state", (event) => {
    refresh(JSON.parse(event.data).state).catch(() => { /* the next event, or a reload, shows it */ });
  });
})();
