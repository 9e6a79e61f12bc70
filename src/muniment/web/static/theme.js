// Runs before the page is drawn, so that a chosen theme never flashes. Everything else waits.
const root = document.documentElement;
root.classList.add("js");
try {
  const theme = localStorage.getItem("muniment.theme");
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
} catch {
  // Storage may be refused; the page then follows the system.
}
