// Reloads the page when the offer's state has changed: the server writes every state, this script only listens.
// Times are shown in the reader's own time zone, which the server does not know.
(function () {
  "use strict";
  document.querySelectorAll("time[datetime]").forEach(function (time) {
    var options = { dateStyle: "medium", timeStyle: "short" };
    time.textContent = new Date(time.dateTime).toLocaleString(document.documentElement.lang, options);
  });
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
