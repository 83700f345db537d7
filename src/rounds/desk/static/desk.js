// The few things a page does by itself; every one of them has a button or a link that works without it.
"use strict";

// A page that only starts a server sends its form at once.
for (const form of document.querySelectorAll("form[data-send-at-once]")) {
  form.requestSubmit();
}

// A page that leads on asks no more: each new answer would begin the way again, and a slow dashboard would never open.
let isLeaving = false;
document.addEventListener("htmx:beforeOnLoad", (event) => {
  isLeaving ||= event.detail.xhr.getResponseHeader("HX-Redirect") !== null;
});
document.addEventListener("htmx:beforeRequest", (event) => {
  if (isLeaving) {
    event.preventDefault();
  }
});
window.addEventListener("pageshow", () => {
  isLeaving = false;
});

// What is chosen on a page that keeps it at once: say so where it was not kept.
for (const place of document.querySelectorAll("[data-unkept]")) {
  const unkept = new Set(); // questions whose last choice did not arrive: sent again as soon as another one does
  const questions = place.closest("form");
  const say = () => { place.hidden = unkept.size === 0; };
  for (const failed of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    document.addEventListener(failed, (event) => {
      if (questions.contains(event.detail.elt)) unkept.add(event.detail.elt);
      say();
    });
  }
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!event.detail.successful) return;
    unkept.delete(event.detail.elt);
    say();
    const [next] = unkept;
    if (next) htmx.trigger(next, "change");
  });
}

// Copy a link, and say so.
for (const button of document.querySelectorAll("button[data-copy]")) {
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copy);
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      document.execCommand("copy");
    }
    document.getElementById(button.dataset.says).textContent = "Copied.";
  });
}

// Show what is typed into a password field.
for (const box of document.querySelectorAll("input[data-shows]")) {
  box.closest("label").hidden = false;
  box.addEventListener("change", () => {
    for (const id of box.dataset.shows.split(" ")) {
      document.getElementById(id).type = box.checked ? "text" : "password";
    }
  });
}

// Choices that apply at once.
for (const select of document.querySelectorAll("select[data-send-on-change]")) {
  select.addEventListener("change", () => select.form.requestSubmit());
}

// The hub's own page of a starting server follows the hub's events.
for (const place of document.querySelectorAll("[data-progress-url]")) {
  const source = new EventSource(place.dataset.progressUrl);
  source.onmessage = (message) => {
    const event = JSON.parse(message.data);
    place.querySelector("progress").value = event.progress ?? 0;
    place.querySelector("[role=status]").textContent = event.message ?? "";
    if (event.ready || event.failed) {
      source.close();
      location.reload();
    }
  };
}
