// Small comforts; every page works without them.
"use strict";
// A form is sent once: the second press of a button has nothing left to press.
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method !== "post") return;
  setTimeout(() => event.target.querySelectorAll("button").forEach((button) => { button.disabled = true; }));
});
// Coming back to a page finds its buttons alive again.
window.addEventListener("pageshow", () => document.querySelectorAll("button:disabled").forEach((button) => { button.disabled = false; }));
// A fault is where reading goes on.
document.querySelector("[role=alert]")?.scrollIntoView({ block: "center" });
