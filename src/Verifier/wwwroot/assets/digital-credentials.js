// Hands the request to the browser's Digital Credentials API and sends what comes back to the service.
(() => {
  const button = () => document.querySelector("[data-ask]");
  if (!button()) return;
  const say = (name) => {
    const said = document.querySelector("[data-said]");
    if (said && button()) said.textContent = name ? button().dataset[`say${name[0].toUpperCase()}${name.slice(1)}`] : "";
  };
  if (!window.DigitalCredential || !navigator.credentials?.get) {
    say("missing");
    button().disabled = true;
    return;
  }

  const ask = async () => {
    const path = button().dataset.ask;
    const request = await fetch(path, { credentials: "same-origin" });
    if (!request.ok) { location.reload(); return; }
    const credential = await navigator.credentials.get({ mediation: "required", digital: { requests: [await request.json()] } });
    const data = typeof credential.data === "string" ? JSON.parse(credential.data) : credential.data;
    const answer = await fetch(path, {
      method: "POST", credentials: "same-origin", headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ protocol: credential.protocol, data, origin: location.origin }),
    });
    if (!answer.ok) say("failed");
  };

  // The page's live part may be replaced at any time.
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("[data-ask]")) return;
    say("");
    ask().catch(() => say("failed"));
  });
})();
