// An error whose first line is a sentence (src/rounds/mistakes) shows that sentence; the traceback below it is folded.
const KIND = "application/vnd.jupyter.error";
const TEXT = "application/vnd.jupyter.stderr"; // the same error as text, with its colours
const SENTENCE = /^\x1b\[[0-9;]*m→ |^→ /;

export function errorFactory(rendermime) {
  class FoldedError extends rendermime.RenderedText {
    async renderModel(model) {
      await super.renderModel(model);
      const lines = model.data[KIND]?.traceback || [];
      if (lines.length && SENTENCE.test(lines[0])) fold(this.node, lines[0]);
    }
  }
  return { safe: true, mimeTypes: [KIND], defaultRank: 0, createRenderer: (options) => new FoldedError({ ...options, mimeType: TEXT }) };
}

function fold(host, first) {
  const sentence = document.createElement("p");
  sentence.className = "rounds-explained";
  sentence.dir = "auto";
  sentence.textContent = first.replace(/\x1b\[[0-9;]*m/g, "");
  const rest = document.createElement("details");
  rest.className = "rounds-traceback";
  const summary = document.createElement("summary");
  summary.textContent = "What Python said";
  rest.append(summary, ...host.childNodes);
  host.replaceChildren(sentence, rest);
}
