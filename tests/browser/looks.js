/* What is wrong with the page as it is laid out now: a list of remarks, empty when nothing is. */
(() => {
  const shown = (element) => element.checkVisibility({ visibilityProperty: true });
  const name = (element) => {
    const classes = typeof element.className === "string" ? element.className : element.className.baseVal;
    return `${element.tagName.toLowerCase()}${element.id ? `#${element.id}` : ""}${classes ? `.${classes.trim().replace(/\s+/g, ".")}` : ""}`;
  };
  const all = (selector) => [...document.querySelectorAll(selector)];

  const clips = (element) => {
    for (let box = element.parentElement; box && box !== document.body; box = box.parentElement) {
      if (getComputedStyle(box).overflowX !== "visible") return true;
    }
    return false;
  };
  const overflows = () => {
    const edge = document.documentElement.clientWidth + 1;
    const beyond = all("body *").filter(
      (element) => shown(element) && element.getBoundingClientRect().right > edge && !clips(element),
    );
    const wide = document.documentElement.scrollWidth > edge;
    if (!beyond.length && !wide) return [];
    return [`runs over the edge at ${edge - 1} px: ${beyond.slice(0, 4).map(name).join(", ") || "the page"}`];
  };

  const covered = () =>
    all("table")
      .filter((table) => table.tHead?.rows.length && table.tBodies[0]?.rows.length && shown(table))
      .filter((table) => getComputedStyle(table.tHead).position !== "absolute") // rows in stacks: the head is for ears
      .filter((table) => {
        const head = [...table.tHead.rows[0].cells].filter(shown);
        const first = [...table.tBodies[0].rows].find(shown);
        const low = Math.max(...head.map((cell) => cell.getBoundingClientRect().bottom));
        return first && scrollY === 0 && low > first.getBoundingClientRect().top + 2;
      })
      .map((table) => `its head covers its rows: ${name(table)}`);

  const words = (ids) =>
    ids
      .split(/\s+/)
      .map((id) => document.getElementById(id)?.textContent ?? "")
      .join("")
      .trim();
  const pictured = (element) => element.querySelector("img[alt]:not([alt=''])");
  const named = (control) =>
    [...(control.labels ?? [])].some((label) => label.textContent.trim() || pictured(label)) ||
    control.getAttribute("aria-label")?.trim() ||
    words(control.getAttribute("aria-labelledby") ?? "") ||
    control.title.trim() ||
    (/^(button|a|summary)$/i.test(control.tagName) &&
      (control.textContent.trim() || pictured(control))) ||
    (/^(submit|reset|button)$/.test(control.type ?? "") && control.value);
  const nameless = () =>
    all("input:not([type=hidden]), select, textarea, button, summary, a[href]")
      .filter((control) => shown(control) && !named(control))
      .map((control) => `has no name: ${name(control)}`);

  const headings = () => {
    const found = all("h1").filter(shown).length;
    return found === 1 ? [] : [`${found} headings of the first rank`];
  };
  const twins = () => {
    const seen = new Set();
    return all("[id]")
      .map((element) => element.id)
      .filter((id) => seen.has(id) || !seen.add(id))
      .map((id) => `id stands twice: ${id}`);
  };
  const dumb = () => all("img:not([alt])").map((image) => `has no text instead: ${image.src}`);

  const channels = (colour) => {
    const [red, green, blue, alpha = 1] = colour.match(/[\d.]+/g).map(Number);
    return { red, green, blue, alpha };
  };
  const over = (front, back) => ({
    red: front.red * front.alpha + back.red * (1 - front.alpha),
    green: front.green * front.alpha + back.green * (1 - front.alpha),
    blue: front.blue * front.alpha + back.blue * (1 - front.alpha),
    alpha: 1,
  });
  const light = ({ red, green, blue }) => {
    const part = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * part(red) + 0.7152 * part(green) + 0.0722 * part(blue);
  };
  let grounds = new Map();
  const ground = (element) => {
    if (!element) return { red: 255, green: 255, blue: 255, alpha: 1 };
    if (!grounds.has(element)) {
      const own = channels(getComputedStyle(element).backgroundColor);
      grounds.set(element, own.alpha === 1 ? own : over(own, ground(element.parentElement)));
    }
    return grounds.get(element);
  };
  const faint = () => {
    for (const change of document.getAnimations()) change.finish();
    grounds = new Map();
    const found = new Map();
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const element = texts.currentNode.parentElement;
      if (!texts.currentNode.data.trim() || found.has(element) || element.closest("svg, option, script, style")) continue;
      if (!shown(element) || element.closest(":disabled, [aria-disabled=true], .sr, .visually-hidden")) continue;
      const style = getComputedStyle(element);
      const back = ground(element);
      const [one, two] = [light(over(channels(style.color), back)), light(back)].sort((a, b) => b - a);
      const ratio = (one + 0.05) / (two + 0.05);
      const size = parseFloat(style.fontSize);
      const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
      if (ratio < (large ? 3 : 4.5)) found.set(element, `contrast ${ratio.toFixed(2)}: ${name(element)} “${texts.currentNode.data.trim().slice(0, 30)}”`);
    }
    return [...new Set(found.values())].slice(0, 6);
  };

  const TARGET = 24; // WCAG 2.2, 2.5.8: so high and wide, or so far from its neighbours
  const inText = (element) =>
    getComputedStyle(element).display === "inline" &&
    [...element.parentElement.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  const small = () => {
    const targets = all("a[href], button, input:not([type=hidden]), select, textarea, summary").filter(
      (element) => shown(element) && !element.disabled && !element.closest("svg, .sr, .visually-hidden, .sortoptions"),
    ); // a column's name sorts as its arrow does
    const boxes = targets.map((element) => element.getBoundingClientRect());
    const short = boxes.map((box) => box.width < TARGET - 0.5 || box.height < TARGET - 0.5);
    const middle = (box) => [box.left + box.width / 2, box.top + box.height / 2];
    const near = (one, other) => {
      const [x, y] = middle(boxes[one]);
      const box = boxes[other];
      if (short[other]) return Math.hypot(x - middle(box)[0], y - middle(box)[1]) < TARGET - 0.5;
      const away = [Math.max(box.left - x, 0, x - box.right), Math.max(box.top - y, 0, y - box.bottom)];
      return Math.hypot(...away) < TARGET / 2 - 0.5;
    };
    return targets
      .filter((element, one) => short[one] && boxes[one].width > 1 && !inText(element))
      .filter((element) => {
        const one = targets.indexOf(element);
        return targets.some((other, at) => at !== one && boxes[at].width > 1 && !element.contains(other) && !other.contains(element) && near(one, at));
      })
      .slice(0, 6)
      .map((element) => `too small to hit: ${name(element)} “${element.textContent.trim().slice(0, 30)}”`);
  };
  const unreachable = () =>
    all("pre, .scroll")
      .filter((box) => shown(box) && box.scrollWidth > box.clientWidth + 1 && box.tabIndex < 0)
      .filter((box) => !box.querySelector("a[href], button, input, select, textarea, [tabindex]"))
      .map((box) => `scrolls, but not by keyboard: ${name(box)}`);

  return { once: () => [...headings(), ...nameless(), ...twins(), ...dumb()], width: () => [...overflows(), ...covered(), ...small(), ...unreachable()], theme: faint };
})();
