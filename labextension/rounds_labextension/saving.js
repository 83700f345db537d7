// One save after another, and an answer that never came is no change by somebody else.
//
// JupyterLab compares the file with what the last answer said of it. A save that begins before that answer has come
// back, or after it was lost on the way, takes its own writing for another's and asks: revert or overwrite? "Revert"
// throws away what was typed since.

export function lineUpSaves(context, contents) {
  if (context.model.collaborative) return; // there the server writes, not the page
  const save = context.save.bind(context);
  let last = Promise.resolve();
  let unheard = null; // what was sent, where no answer came back
  context.save = () => {
    const next = last.then(async () => {
      if (unheard) await hear(context, contents, unheard).catch(() => {}); // still out of reach: the save below says so
      unheard = context.model.toJSON();
      try {
        await save();
        unheard = null;
      } catch (error) {
        if (error.response || error.name?.startsWith("Modal")) unheard = null; // the server, or a person, has answered
        throw error;
      }
    });
    last = next.catch(() => {});
    return next;
  };
}

// Where the file is what was sent, it arrived: take what the server says of it for the answer that was lost.
async function hear(context, contents, sent) {
  const there = await contents.get(context.path, { type: "notebook", format: "json", content: true, hash: true });
  if (same(there.content, sent)) context._updateContentsModel?.({ ...there, content: null });
}

// The server's writer may split texts into lines and sort keys; what counts is the text of each cell.
function same(one, other) {
  const spoken = (notebook) => JSON.stringify(notebook.cells.map((cell) => [cell.id, [cell.source].flat().join("")]));
  return spoken(one) === spoken(other);
}
