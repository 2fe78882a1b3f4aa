// The owner's colour with readable text on it, by the contrast of WCAG 2.2 (1.4.3: 4.5 to 1).
// White or black always reaches that; links are set on --soft of widget.css, in both schemes.
const BLACK = [0, 0, 0];
const WHITE = [255, 255, 255];
const SOFT = { light: [241, 243, 246], dark: [39, 43, 49] };
const READABLE = 4.5;

function rgb(color) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const pixel = canvas.getContext("2d");
  pixel.fillStyle = color;
  pixel.fillRect(0, 0, 1, 1);
  return [...pixel.getImageData(0, 0, 1, 1).data.slice(0, 3)];
}

function luminance(color) {
  const [red, green, blue] = color.map((each) => {
    const part = each / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one, other) {
  const [darker, lighter] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

// The colour itself where it can be read on the background, else moved towards the text's colour until it can.
function readable(color, background, ink) {
  for (let share = 0; share < 1; share += 0.1) {
    const mixed = color.map((part, index) => Math.round(part + (ink[index] - part) * share));
    if (contrast(mixed, background) >= READABLE) return mixed;
  }
  return ink;
}

function paint(root, name) {
  if (!name || !CSS.supports("color", name)) return;
  const color = rgb(name);
  const set = (variable, value) => root.style.setProperty(variable, `rgb(${value.join(" ")})`);
  set("--accent", color);
  set("--on-accent", contrast(WHITE, color) >= READABLE ? WHITE : BLACK);
  set("--accent-on-light", readable(color, SOFT.light, BLACK));
  set("--accent-on-dark", readable(color, SOFT.dark, WHITE));
}
