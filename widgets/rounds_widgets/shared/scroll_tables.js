// A table that is wider than its view scrolls in a box of its own, so that no word is broken; the box can be reached by
// Tab only while there is something to scroll. The observer ends with the view: nothing else holds it.
const scrollTables = (root) => {
  const told = { tabindex: "0", role: "group", "aria-label": "A table that is wider than its box: the arrow keys move it" };
  const fit = (box) => {
    const isWide = box.scrollWidth > box.clientWidth;
    for (const [name, value] of Object.entries(told)) isWide ? box.setAttribute(name, value) : box.removeAttribute(name);
  };
  const observer = new ResizeObserver((seen) => seen.forEach(({ target }) => fit(target.closest(".scrolls"))));
  for (const table of root.querySelectorAll("table")) {
    const box = document.createElement("div");
    box.className = "scrolls";
    table.replaceWith(box);
    box.append(table);
    observer.observe(box);
    observer.observe(table);
  }
};
