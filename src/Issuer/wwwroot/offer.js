// Reloads the page when the offer's state has changed: the server writes every state, this script only listens.
(function () {
  "use strict";
  var main = document.querySelector("main[data-events]");
  if (!main || !window.EventSource) return;
  var source = new EventSource(main.dataset.events);
  source.addEventListener("state", function (event) {
    if (event.data !== main.dataset.state) {
      source.close();
      window.location.replace(window.location.pathname);
    }
  });
})();
