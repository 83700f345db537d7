// Hand in with one press, and read on the page what came back.
import { button, node, openDialog } from "./nodes.js";

const WAITS = "Handed in. The marks are not there yet; they come onto the desk, under Lessons, Feedback.";

export async function handIn(view, say) {
  say("Saving and handing in …");
  try {
    await view.panel.context.save();
  } catch {
    say("Not handed in: the notebook could not be saved. Try again in a moment.");
    return;
  }
  say("Handed in. It is being marked …");
  const said = await view.server.own("hand-in", "POST");
  say("");
  showAnswer(view, said);
}

export function showAnswer(view, said) {
  if (said.refused) openDialog("Not marked", node("p", {}, said.refused));
  else if (!said.feedback) openDialog("Handed in", node("p", {}, WAITS));
  else showMarks(view, said.feedback);
}

function showMarks(view, feedback) {
  const list = node("ul", { className: "rounds-marks" }, ...feedback.parts.map((part) => row(view, part)));
  const repairs = feedback.repairs.map((words) => node("p", { className: "rounds-muted" }, words));
  const late = feedback.penalty ? [node("p", {}, `Handed in late: ${number(feedback.penalty)} points less.`)] : [];
  openDialog(`${number(feedback.points)} of ${number(feedback.most)} points`, list, ...late, ...repairs, node("p", {}, again(feedback)));
}

function row(view, part) {
  const done = part.state === "Done";
  const points = part.points === null ? part.state : `${part.state}: ${number(part.points)} of ${number(part.max_points)}`;
  const head = node("h3", {}, part.title, " ", node("span", { className: done ? "rounds-done" : "rounds-open" }, `${done ? "✓ " : ""}${points}`));
  const words = [part.sentence, ...part.comments].filter(Boolean).map((text) => node("p", { dir: "auto" }, text));
  return node("li", {}, head, ...words, done ? null : tryAgain(view, part));
}

function tryAgain(view, part) {
  const box = view.boxOf(part.exercise);
  if (!box) return null;
  const go = () => {
    document.querySelector("dialog.rounds-dialog")?.close();
    view.goTo(box);
  };
  return node("p", {}, button("Go to this exercise", go, { className: "rounds-quiet" }));
}

function again(feedback) {
  const open = feedback.parts.filter((part) => part.state !== "Done").length;
  if (!open) return "All is done. The desk shows what comes next.";
  return "You may hand in as often as you like. The last one counts.";
}

const number = (points) => String(Math.round(points * 100) / 100);
