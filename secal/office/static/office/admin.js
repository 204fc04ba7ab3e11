// Names for the controls that stock admin leaves unnamed: cells of tabular inlines, select2 boxes, help icons.

const text = (element) => element?.textContent.trim().replace(/\s+/g, " ") ?? "";

function nameInlineCells(group) {
  const heads = [...group.querySelectorAll("thead th")];
  for (const head of heads) {
    if (text(head)) continue;
    const name = document.createElement("span");
    name.className = "visually-hidden";
    name.textContent = text(group.querySelector("h2"));
    head.append(name);
  }
  for (const [index, row] of [...group.querySelectorAll("tbody tr.form-row")].entries()) {
    for (const cell of row.cells) {
      for (const control of cell.querySelectorAll("input:not([type=hidden]), select, textarea")) {
        if (control.labels?.length || control.getAttribute("aria-label")) continue;
        control.setAttribute("aria-label", `${text(heads[cell.cellIndex])} ${index + 1}`);
      }
    }
  }
}

function nameSelect2(box) {
  const select = box.previousElementSibling;
  const name = text(select?.labels?.[0]) || select?.getAttribute("aria-label");
  if (!name) return;
  for (const part of box.querySelectorAll("[role=combobox], [role=searchbox], [role=textbox]")) {
    part.setAttribute("aria-label", name);
    part.removeAttribute("aria-labelledby");
  }
}

function nameAll(root) {
  root.querySelectorAll(".inline-group .tabular").forEach(nameInlineCells);
  root.querySelectorAll(".select2-container").forEach(nameSelect2);
  for (const icon of root.querySelectorAll(".help-tooltip:not(img)")) icon.setAttribute("role", "img");
  for (const choice of root.querySelectorAll(".actions select[name=action]:not([aria-label])")) {
    if (!choice.labels.length) choice.setAttribute("aria-label", text(document.querySelector("h1")));
  }
}

nameAll(document);
// Rows and boxes that other scripts add later are named as they come; only child changes are watched.
const main = document.getElementById("main");
if (main) {
  let waiting = false;
  new MutationObserver(() => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      nameAll(main);
    });
  }).observe(main, { childList: true, subtree: true });
}
