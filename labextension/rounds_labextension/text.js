// The lesson's text came with the page; once the notebook is awake it takes its place, at the line that was read.
const HEADINGS = "h1, h2, h3";

export function takeOverText(panel) {
  const text = document.getElementById("rounds-text");
  if (!text) return;
  const read = text.scrollTop > 8 ? headingAt(text) : null;
  text.remove();
  if (read) find(panel, read)?.scrollIntoView({ block: "start" });
}

function headingAt(text) {
  const above = [...text.querySelectorAll(HEADINGS)].filter((one) => one.getBoundingClientRect().top < innerHeight / 2);
  return above.length ? above[above.length - 1].textContent : null;
}

function find(panel, words) {
  const plain = (one) => one.textContent.replace("¶", "").trim();
  return [...panel.node.querySelectorAll(`.jp-RenderedMarkdown :is(${HEADINGS})`)].find((one) => plain(one) === words.trim());
}
