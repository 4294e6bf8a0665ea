/* Runs before the first paint: the reader's theme, kept under the same key as the admin's own switch. */
"use strict";
(() => {
  const root = document.documentElement;
  const kept = () => {
    try {
      return localStorage.getItem("theme") || "auto";
    } catch {
      return "auto";
    }
  };
  root.dataset.theme = kept();

  document.addEventListener("DOMContentLoaded", () => {
    for (const button of document.querySelectorAll("[data-theme-switch]")) {
      const say = () => {
        button.querySelector("span").textContent = button.dataset[root.dataset.theme];
      };
      button.hidden = false;
      button.addEventListener("click", () => {
        const next = { auto: "light", light: "dark", dark: "auto" }[root.dataset.theme];
        root.dataset.theme = next;
        try {
          localStorage.setItem("theme", next);
        } catch {
          /* A browser that keeps nothing still switches this page. */
        }
        say();
      });
      say();
    }
  });
})();
