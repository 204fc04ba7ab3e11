// Before the first paint: the theme chosen on this machine. "auto" follows the system, by the stylesheet alone.
(() => {
  const order = ["auto", "light", "dark"];
  const read = () => {
    try {
      const stored = localStorage.getItem("theme");
      return order.includes(stored) ? stored : "auto";
    } catch {
      return "auto"; // storage refused by the browser: the choice lasts for this page
    }
  };
  let theme = read();
  const apply = () => { document.documentElement.dataset.theme = theme; };
  apply();

  document.addEventListener("DOMContentLoaded", () => {
    for (const button of document.querySelectorAll("[data-theme-switch]")) {
      const name = () => { button.textContent = button.dataset[theme]; };
      button.hidden = false;
      name();
      button.addEventListener("click", () => {
        theme = order[(order.indexOf(theme) + 1) % order.length];
        apply();
        name();
        try {
          localStorage.setItem("theme", theme);
        } catch (refused) {
          console.info("theme not kept", refused.name);
        }
      });
    }
  });
})();
