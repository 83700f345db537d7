// JupyterLab takes arrow keys, letters and Enter for its own commands while a cell is selected; a view keeps what is
// typed into it. Escape goes on, for it is the way out of a widget.
const keepKeys = (root) => {
  root.addEventListener("keydown", (event) => event.key !== "Escape" && event.stopPropagation());
};

