// Small parts of a page. Text always goes in as text: what comes from a notebook or a server is never read as HTML.
export function node(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in made && name !== "list") made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export function button(label, act, properties = {}) {
  const made = node("button", { type: "button", ...properties }, label);
  made.addEventListener("click", act);
  return made;
}

// What is typed in here is no shortcut of the notebook (Lumino's own mark; keys.js puts it on what has the focus).
export const OWN_KEYS = "data-lm-suppress-shortcuts";
export function keepKeys(made) {
  made.setAttribute(OWN_KEYS, "true");
  return made;
}

// A dialog with a heading; Escape and its last button close it, and the focus goes back to where it was.
export function openDialog(title, ...children) {
  const before = document.activeElement;
  const heading = node("h2", { id: "rounds-dialog-title", tabIndex: -1 }, title);
  const dialog = keepKeys(node("dialog", { className: "rounds-dialog", "aria-labelledby": heading.id }, heading, ...children));
  dialog.append(node("p", { className: "rounds-actions" }, button("Close", () => dialog.close(), { className: "rounds-quiet" })));
  dialog.addEventListener("close", () => {
    dialog.remove();
    before?.focus?.();
  });
  document.querySelector("dialog.rounds-dialog")?.close();
  document.body.append(dialog);
  dialog.showModal();
  heading.focus();
  return dialog;
}
