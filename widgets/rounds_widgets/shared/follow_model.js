// Draw whenever one of these traits has changed; what is returned ends it.
const followModel = (model, traits, draw) => {
  const changes = traits.map((trait) => `change:${trait}`);
  changes.forEach((change) => model.on(change, draw));
  return () => changes.forEach((change) => model.off(change, draw));
};

// Draw again when an element has another width; its height follows from what is drawn.
const followWidth = (element, draw) => {
  let width = 0;
  const observer = new ResizeObserver(() => {
    if (element.clientWidth === width) return;
    width = element.clientWidth;
    draw();
  });
  observer.observe(element);
  return observer;
};

