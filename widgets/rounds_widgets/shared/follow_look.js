// Stands before every view's own module: `view_files.py` joins the two.
// A view follows JupyterLab's light or dark theme; disconnect the observer when the view ends.
const followLook = (root) => {
  const show = () => {
    const light = document.body.dataset.jpThemeLight;
    if (light === undefined) delete root.dataset.look;
    else root.dataset.look = light === "false" ? "dark" : "light";
  };
  const observer = new MutationObserver(show);
  observer.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
  show();
  return observer;
};

