// How the tests look at a panel: what keys reach, what is cut off, what is too pale, what is blank.
window.looking = (() => {
  const seen = (element) => element.checkVisibility() && element.getClientRects().length > 0;
  const stops = (box) => [...box.querySelectorAll("a[href], button, input, select, textarea, summary, canvas, [tabindex]")]
    .filter((element) => element.tabIndex >= 0 && !element.disabled && seen(element));

  // Colours as [red, green, blue, opacity], and how they lie over each other.
  const pen = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, under) => [0, 1, 2].map((k) => top[k] * top[3] + under[k] * (1 - top[3])).concat(1);
  const behind = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) layers.unshift(rgba(getComputedStyle(at).backgroundColor));
    return layers.reduce((under, top) => over(top, under), [255, 255, 255, 1]);
  };
  // WCAG 2.2, "relative luminance" and "contrast ratio".
  const light = (colour) => colour.slice(0, 3).map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, k) => sum + v * [0.2126, 0.7152, 0.0722][k], 0);
  const contrast = (colour, paper) => {
    const [a, b] = [light(over(rgba(colour), paper)), light(paper)];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  };

  // Every text that is written on a canvas: its colour, and how far it reaches to each side.
  const texts = [], write = CanvasRenderingContext2D.prototype.fillText;
  CanvasRenderingContext2D.prototype.fillText = function (text, x, y, ...most) {
    const { width } = this.measureText(text), at = this.getTransform();
    const left = { center: x - width / 2, right: x - width, end: x - width }[this.textAlign] ?? x;
    const ends = [left, left + width].map((end) => at.transformPoint(new DOMPoint(end, y)));
    const boxed = most.length > 0; // written with a width to keep to, in a coloured cell
    if (texts.length < 5000) texts.push({ canvas: this.canvas, text, colour: this.fillStyle, alpha: this.globalAlpha, ends, boxed });
    return write.call(this, text, x, y, ...most);
  };

  // Draw the panel anew, as a change of size or theme does.
  const redrawn = (box) => new Promise((done) => {
    const painted = box.dataset.painted, wait = () => (box.dataset.painted === painted ? requestAnimationFrame(wait) : done());
    texts.length = 0;
    document.body.classList.toggle("redrawn");
    wait();
  });

  async function problems(box, wide) {
    await redrawn(box);
    const found = [], place = box.getBoundingClientRect(), paper = behind(box);
    if (box.scrollWidth > box.clientWidth + 1) found.push(`the panel is ${box.scrollWidth} wide in ${box.clientWidth}`);
    if (place.right > wide + 1) found.push(`the panel ends at ${place.right} of ${wide}`);
    for (const element of box.querySelectorAll("*")) {
      if (!seen(element) || element.closest(".dlw-hidden") || ["STYLE", "OPTION"].includes(element.tagName)) continue;
      const { left, right } = element.getBoundingClientRect(), name = `${element.tagName} ${element.textContent.slice(0, 40)}`;
      if (left < place.left - 1 || right > place.right + 1) found.push(`${name} reaches from ${left} to ${right}`);
      if (element.scrollWidth > element.clientWidth + 1 && element.clientWidth && !["INPUT", "TEXTAREA", "SELECT", "PRE"].includes(element.tagName))
        found.push(`${name} is cut off: ${element.scrollWidth} in ${element.clientWidth}`);
      const words = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()) || element.matches("select, input:not([type=range], [type=checkbox])");
      const style = getComputedStyle(element), ratio = contrast(style.color, behind(element));
      if (words && ratio < 4.5) found.push(`${name}: contrast ${ratio.toFixed(2)} of ${style.color}`);
    }
    for (const { canvas, text, colour, alpha, ends, boxed } of texts.filter((one) => box.contains(one.canvas))) {
      if (ends.some(({ x, y }) => x < -1 || x > canvas.width + 1 || y < -1 || y > canvas.height + 1)) found.push(`"${text}" is cut off by the edge of its picture`);
      if (boxed) continue;
      const ratio = contrast(colour, paper);
      if (ratio < 4.5 || alpha < 1) found.push(`"${text}" on a picture: contrast ${ratio.toFixed(2)} of ${colour}, opacity ${alpha}`);
    }
    return [...new Set(found)];
  }

  return {
    problems,
    // Note each element that the focus reaches from now on; begin with the first of the panel.
    followFocus(box) {
      const all = stops(box), found = this.reached = [];
      box.addEventListener("focusin", ({ target }) => {
        const style = getComputedStyle(target);
        found.push({ at: all.indexOf(target), suppresses: target.dataset.lmSuppressShortcuts === "true", html: target.outerHTML.slice(0, 120),
          outline: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth), contrast: contrast(style.outlineColor, behind(box)) });
      });
      all[0].focus({ focusVisible: true });
      return all.length;
    },
    blank: (box) => [...box.querySelectorAll("canvas")].filter((canvas) => seen(canvas)).filter((canvas) => {
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height), colours = new Set();
      for (let i = 0; i < data.length && colours.size < 2; i += 4) colours.add(`${data[i]} ${data[i + 1]} ${data[i + 2]}`);
      return colours.size < 2 && canvas.getAttribute("role") === "img" && !/nothing|none/.test(canvas.getAttribute("aria-label"));
    }).map((canvas) => canvas.getAttribute("aria-label")),
    // Note the words of every frame that is painted from the last key on.
    watch(box) {
      this.watcher?.disconnect();
      const words = () => box.querySelector("[role=status]").textContent;
      this.frames = [];
      this.watcher = new MutationObserver((changes) => changes.forEach(() => this.frames.push(words())));
      this.watcher.observe(box, { attributeFilter: ["data-painted"] });
      box.onkeydown = () => { this.frames = []; };
    },
  };
})();
