// The container that JupyterLab and Notebook 7 load: hand-written, so that no bundler is needed to build it.
(() => {
  const here = document.currentScript.src;
  let scope;
  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB["rounds-lesson"] = {
    init: (given) => {
      scope = given;
    },
    get: async () => {
      const { plugins } = await import(new URL("./plugin.js", here));
      const made = await plugins(scope);
      return () => ({ __esModule: true, default: made });
    },
  };
})();
