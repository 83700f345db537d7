// The page wakes: what runs by itself runs, in the lesson's order; the learner's boxes wait, and the document stays clean.
import { BY_ITSELF, roleOf } from "./roles.js";

const LOAD = 'get_ipython().extension_manager.load_extension("rounds.lessons.view.kernel")';

export async function wake(panel, CodeCell, saved) {
  const kernel = panel.sessionContext.session?.kernel;
  if (!kernel || panel.isDisposed) return;
  kernel.requestExecute({ code: LOAD, silent: true, store_history: false, stop_on_error: false });
  const own = panel.content.widgets.filter((cell) => BY_ITSELF.includes(roleOf(cell)));
  const runs = own.map((cell) => CodeCell.execute(cell, panel.sessionContext, { deletedCells: [], roundsByPage: true }));
  await Promise.allSettled(runs);
  if (!panel.isDisposed && sourcesOf(panel) === saved.sources) panel.content.model.dirty = false;
}

// What the file says: as it was opened, and as it was saved since. A kernel's name and outputs are no work of anybody's.
export function watchSaved(panel) {
  const saved = { sources: sourcesOf(panel) };
  panel.context.saveState.connect((_, state) => {
    if (state === "completed") saved.sources = sourcesOf(panel);
  });
  return saved;
}

// Call back once a kernel is there for the first time, and again whenever another or a restarted one is ready.
export function onEachKernel(panel, act) {
  const session = panel.sessionContext;
  let awaited = true;
  const look = () => {
    if (!awaited || session.session?.kernel?.status !== "idle") return;
    awaited = false;
    act();
  };
  session.statusChanged.connect((_, status) => {
    if (["restarting", "autorestarting", "starting"].includes(status)) awaited = true;
    look();
  });
  session.kernelChanged.connect((_, change) => {
    if (change.newValue) awaited = true;
    look();
  });
  session.ready.then(look);
}

function sourcesOf(panel) {
  return panel.content.widgets.map((cell) => cell.model.sharedModel.getSource()).join("\0");
}
