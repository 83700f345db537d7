// The addresses of the room's server that a lesson's page asks (src/rounds/room/lesson/answers.py).
export const AWAY = "The room’s server does not answer. Your text is on this page; try again in a moment.";

export class Server {
  constructor(settings, request, lesson) {
    this.settings = settings;
    this.request = request;
    this.base = `${location.origin}${lesson.server}`;
    this.lesson = lesson.name;
  }

  // The answer as data; `refused` in it is a sentence for the learner.
  async ask(path, method = "GET", body = undefined) {
    try {
      const init = { method, cache: "no-store", ...(body ? { body: JSON.stringify(body) } : {}) };
      const answer = await this.request(this.base + path, init, this.settings);
      if (answer.ok) return await answer.json();
      const said = await answer.json().catch(() => ({}));
      return { status: answer.status, refused: said.refused || said.reason || AWAY };
    } catch {
      return { status: 0, refused: AWAY };
    }
  }

  own(what, method = "GET") {
    return this.ask(`lesson/${this.lesson}/${what}`, method);
  }
}
