// What JupyterLab is given: the lesson view, on where the server's page says so, and the fold under an explained error.
import { errorFactory } from "./errors.js";
import { lineUpSaves } from "./saving.js";
import { LessonView } from "./view.js";

const NAMES = [
  "@jupyterlab/notebook",
  "@jupyterlab/cells",
  "@jupyterlab/rendermime",
  "@jupyterlab/services",
  "@jupyterlab/coreutils",
  "@lumino/widgets",
];

// One package of the shared scope: the copy that is loaded, for another copy's tokens are other objects.
async function take(scope, name) {
  const versions = Object.values(scope[name]);
  const entry = versions.find((one) => one.loaded) || versions[versions.length - 1];
  return (await entry.get())();
}

export async function plugins(scope) {
  const [notebook, cells, rendermime, services, coreutils, lumino] = await Promise.all(NAMES.map((name) => take(scope, name)));
  const said = coreutils.PageConfig.getOption("roundsLesson");
  const jupyter = {
    CodeCell: cells.CodeCell,
    Widget: lumino.Widget,
    request: services.ServerConnection.makeRequest,
  };
  const lesson = {
    id: "rounds-lesson:view",
    description: "Shows a notebook of a lesson as a page that teaches",
    autoStart: true,
    requires: [notebook.INotebookTracker],
    activate: (app, tracker) => {
      tracker.widgetAdded.connect((_, panel) => lineUpSaves(panel.context, app.serviceManager.contents));
      if (!said) return;
      addStyle();
      tracker.widgetAdded.connect((_, panel) => new LessonView({ app, panel, jupyter, lesson: JSON.parse(said) }).open());
    },
  };
  const errors = {
    id: "rounds-lesson:errors",
    description: "Folds the traceback below a sentence that explains an error",
    autoStart: true,
    requires: [rendermime.IRenderMimeRegistry],
    activate: (app, registry) => {
      registry.addFactory(errorFactory(rendermime), 0);
    },
  };
  return [lesson, errors];
}

function addStyle() {
  for (const name of ["tokens.css", "view.css"]) {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = new URL(`./${name}`, import.meta.url);
    document.head.append(link);
  }
}
