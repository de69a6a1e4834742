// Sends the text of a code as its form would, and shows the verdict in the page: the scanner is ready for the next one.
(() => {
  const page = document.querySelector("[data-scan]");
  if (!page) return;
  const find = (id) => document.getElementById(id);
  const [said, text] = ["said", "document"].map(find);
  const { form } = text;

  const check = async () => {
    const answer = await fetch(form.action, {
      method: "POST", body: new URLSearchParams(new FormData(form)), headers: { Accept: "text/html" }, credentials: "same-origin",
    });
    const next = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#result");
    if (answer.redirected || !next) {
      // Signed out meanwhile: the page as it is read anew says so.
      if (answer.redirected) location.reload();
      else said.textContent = page.dataset.sayFailed;
      return;
    }
    find("result").replaceChildren(...next.childNodes);
    text.value = "";
    said.textContent = "";
    const heading = find("result").querySelector("h2");
    if (heading) { heading.tabIndex = -1; heading.focus(); }
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    said.textContent = page.dataset.sayFound;
    check().catch(() => { said.textContent = page.dataset.sayFailed; });
  });
})();
