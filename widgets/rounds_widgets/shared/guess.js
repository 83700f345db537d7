// A guess is locked in by its button or by Enter, which JupyterLab would take for its cell.
const onGuess = (form, lock) => {
  const input = form.querySelector("input");
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    form.requestSubmit();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    lock(Number(input.value));
  });
};

