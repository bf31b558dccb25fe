// The landscape in three dimensions, by WebGL alone; loaded when it is asked for. What WebGL draws
// is copied onto the map's own canvas, so that it costs nothing while it stands still.

import { type Ground, frameOf } from "./ground";
import { contourLevels, type Frame, type Grid, heightAt, type Place } from "./landscape";
import { meshOf, rays, RIM, type Vector } from "./mesh";
import type { Seen } from "./over";
import { sized } from "./plots";
import { LEVELS, rgbOf } from "./relief";
import type { Theme } from "./theme";

const HIGH = 0.7; // the height of the relief; its sides reach from -1 to 1
const [NEAR, FAR] = [0.2, 12];
const WIDE = Math.tan(0.32); // half of the angle that is seen
const TILT = 900; // milliseconds from the map to the surface
const [FLAT, TILTED] = [1.45, 0.78]; // above the horizon, in radians
const MARCH = 48; // steps along a line of sight

const VERTEX = `#version 300 es
layout(location = 0) in vec3 at;
layout(location = 1) in vec3 normal;
layout(location = 2) in vec4 colour;
layout(location = 3) in vec2 level; // contours passed, how far within the edge
uniform vec3 eye, right, up, forward;
uniform vec2 scale, depth;
out vec3 n, towards;
out vec4 c;
out vec2 l;
void main() {
  vec3 v = at - eye;
  float z = dot(v, forward);
  gl_Position = vec4(dot(v, right) * scale.x, dot(v, up) * scale.y, z * depth.x + depth.y, z);
  n = normal; c = colour; l = level; towards = normalize(eye - at);
}`;
const FRAGMENT = `#version 300 es
precision highp float;
in vec3 n, towards;
in vec4 c;
in vec2 l;
uniform vec3 line;
uniform float rim; // how far the glass wall goes beyond the edge; 0 while the ground is drawn
out vec4 shown;
void main() {
  vec3 m = normalize(gl_FrontFacing ? n : -n), sun = normalize(vec3(-0.5, 0.35, 0.8));
  if (rim > 0.0 ? l.y >= 0.0 || l.y < -rim : l.y < 0.0) discard;
  if (rim > 0.0) {
    float seen = 0.12 + 0.3 * (1.0 - abs(dot(m, towards)));
    shown = vec4(c.rgb * seen, seen);
    return;
  }
  float light = 0.58 + 0.5 * max(dot(m, sun), 0.0);
  float shine = pow(max(dot(reflect(-sun, m), towards), 0.0), 24.0) * 0.16;
  float off = abs(fract(l.x - 0.5) - 0.5) / max(fwidth(l.x), 1e-6);
  float drawn = (1.0 - smoothstep(0.5, 1.5, off)) * c.a;
  shown = vec4(mix(c.rgb * light + shine * c.a, line, 0.5 * drawn), 1.0);
}`;

function programOf(gl: WebGL2RenderingContext): WebGLProgram {
  const program = gl.createProgram();
  for (const [kind, source] of [
    [gl.VERTEX_SHADER, VERTEX],
    [gl.FRAGMENT_SHADER, FRAGMENT],
  ] as const) {
    const shader = gl.createShader(kind)!;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) {
    throw new Error(gl.getProgramInfoLog(program) ?? "the surface could not be drawn");
  }
  return program;
}

export class Surface {
  readonly #program: WebGLProgram;
  #yaw = -0.5;
  #pitch = FLAT;
  #far = 3.6;
  #count = 0;
  #grid: Grid | null = null;
  #frame: Frame | null = null;
  #line: number[] = [1, 1, 1];
  #waiting = 0;
  #from: number | null = null; // when it began to tilt
  #buffers: WebGLBuffer[] = [];
  #seen = new WeakMap<Place, Seen>(); // of this view

  constructor(
    readonly canvas: HTMLCanvasElement,
    readonly gl: WebGL2RenderingContext,
    readonly onTurn: () => void, // what is drawn over it follows
  ) {
    this.#program = programOf(gl);
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) this.#pitch = TILTED;
    else this.#from = performance.now();
  }

  show(ground: Ground, theme: Theme): void {
    const { gl } = this;
    const levels = ground.plane ? contourLevels(ground.grid.heights, LEVELS) : [];
    const step = levels.length > 1 ? levels[1] - levels[0] : 0;
    const high = ground.plane ? HIGH : HIGH / 2;
    const { grid, vertices, colours, indices } = meshOf(ground, theme, high, step);
    [this.#grid, this.#frame] = [grid, frameOf(ground, 2, 2)];
    this.#line = rgbOf(theme.card).map((c) => c / 255);
    for (const buffer of this.#buffers) gl.deleteBuffer(buffer);
    const filled = (kind: number, data: AllowSharedBufferSource) => {
      const buffer = gl.createBuffer();
      gl.bindBuffer(kind, buffer);
      gl.bufferData(kind, data, gl.STATIC_DRAW);
      return buffer;
    };
    const first = filled(gl.ARRAY_BUFFER, vertices); // 8 numbers each
    [0, 1, 3].forEach((place, k) => {
      gl.enableVertexAttribArray(place);
      gl.vertexAttribPointer(place, k < 2 ? 3 : 2, gl.FLOAT, false, 32, 12 * k);
    });
    const second = filled(gl.ARRAY_BUFFER, colours);
    gl.enableVertexAttribArray(2);
    gl.vertexAttribPointer(2, 4, gl.UNSIGNED_BYTE, true, 0, 0);
    this.#buffers = [first, second, filled(gl.ELEMENT_ARRAY_BUFFER, indices)];
    this.#count = indices.length;
    this.#change();
  }

  turn(across: number, up: number): void {
    this.#from = null;
    this.#yaw -= across;
    this.#pitch = Math.min(Math.max(this.#pitch + up, 0.12), 1.5);
    this.#change();
  }

  come(times: number): void {
    this.#far = Math.min(Math.max(this.#far * times, 2.2), 8);
    this.#change();
  }

  end(): void {
    cancelAnimationFrame(this.#waiting);
    for (const buffer of this.#buffers) this.gl.deleteBuffer(buffer);
    this.gl.deleteProgram(this.#program);
  }

  #change() {
    this.#seen = new WeakMap();
    this.onTurn();
    if (!this.#waiting) this.#waiting = requestAnimationFrame((now) => this.#draw(now));
  }

  get #camera() {
    return rays(this.#yaw, this.#pitch, this.#far, HIGH * 0.4);
  }

  #draw(now: number) {
    this.#waiting = 0;
    const { gl, canvas } = this;
    const { pen, width, height } = sized(canvas);
    const { width: w, height: h } = canvas;
    if (!w || gl.isContextLost()) return;
    if (gl.canvas.width !== w || gl.canvas.height !== h) {
      [gl.canvas.width, gl.canvas.height] = [w, h];
    }
    if (this.#from !== null) {
      const t = Math.min((now - this.#from) / TILT, 1);
      this.#pitch = FLAT + (TILTED - FLAT) * (1 - (1 - t) ** 3);
      if (t === 1) this.#from = null;
      this.#change();
    }
    gl.viewport(0, 0, w, h);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    gl.enable(gl.DEPTH_TEST);
    gl.useProgram(this.#program);
    const at = (name: string) => gl.getUniformLocation(this.#program, name);
    for (const [name, vector] of Object.entries(this.#camera)) gl.uniform3fv(at(name), vector);
    gl.uniform2f(at("scale"), h / w / WIDE, 1 / WIDE);
    const deep = (FAR + NEAR) / (FAR - NEAR);
    gl.uniform2f(at("depth"), deep, -NEAR * (deep + 1));
    gl.uniform3fv(at("line"), this.#line);
    const draw = (rim: number) => {
      gl.uniform1f(at("rim"), rim);
      gl.drawElements(gl.TRIANGLES, this.#count, gl.UNSIGNED_INT, 0);
    };
    gl.disable(gl.BLEND);
    draw(0);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.depthMask(false);
    draw(RIM);
    gl.depthMask(true); // else the next frame clears no depth
    pen.drawImage(gl.canvas, 0, 0, width, height);
  }

  // ---- where things are seen ----------------------------------------------------------------------

  #heightAt(x: number, y: number): number {
    const { low, high } = this.#frame!;
    const [u, v] = [x, y].map((t, k) => low[k] + ((t + 1) / 2) * (high[k] - low[k]));
    return heightAt(this.#grid!, [u, v]);
  }

  // Whether a hill stands between a point and the eye.
  #hidden([x, y, z]: Vector, eye: Vector): boolean {
    for (let k = 1; k < MARCH; k++) {
      const t = (k / MARCH) * 0.6;
      const [a, b, c] = [x + t * (eye[0] - x), y + t * (eye[1] - y), z + t * (eye[2] - z)];
      if (Math.abs(a) > 1 || Math.abs(b) > 1 || c > HIGH) return false;
      if (this.#heightAt(a, b) > c + 0.03) return true;
    }
    return false;
  }

  look(place: Place): Seen {
    if (!this.#grid) return { x: 0, y: 0, hidden: true };
    let seen = this.#seen.get(place);
    if (!seen) this.#seen.set(place, (seen = this.#look(place)));
    return seen;
  }

  #look(place: Place): Seen {
    const { low, high } = this.#frame!;
    const [x, y] = place.map((t, k) => (2 * (t - low[k])) / (high[k] - low[k]) - 1);
    const point: Vector = [x, y, this.#heightAt(x, y) + 0.012];
    const { eye, right, up, forward } = this.#camera;
    const dot = (a: Vector) => a.reduce((sum, c, k) => sum + c * (point[k] - eye[k]), 0);
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const z = dot(forward) * WIDE;
    return {
      x: width / 2 + ((dot(right) / z) * height) / 2,
      y: height / 2 - ((dot(up) / z) * height) / 2,
      hidden: this.#hidden(point, eye),
    };
  }

  // The place of the surface that is seen at a pixel.
  pick(x: number, y: number): Place | null {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const [a, b] = [(2 * x - width) / height, (height - 2 * y) / height].map((t) => t * WIDE);
    const { eye, right, up, forward } = this.#camera;
    const way = forward.map((f, k) => f + a * right[k] + b * up[k]);
    const { low, high } = this.#frame!;
    for (let t = this.#far - 2; t < this.#far + 2; t += 0.01) {
      const [p, q, r] = eye.map((e, k) => e + t * way[k]);
      if (Math.abs(p) > 1 || Math.abs(q) > 1 || r > this.#heightAt(p, q)) continue;
      return [
        low[0] + ((p + 1) / 2) * (high[0] - low[0]),
        low[1] + ((q + 1) / 2) * (high[1] - low[1]),
      ];
    }
    return null;
  }
}

// A surface on this canvas, or null where there is no WebGL. What WebGL holds may be lost, as when a
// laptop sleeps: a surface that is opened then has a context of its own.
export function open(
  canvas: HTMLCanvasElement,
  onTurn: () => void,
  onLost: () => void,
): Surface | null {
  const hidden = document.createElement("canvas");
  const gl = hidden.getContext("webgl2", { antialias: true, alpha: true });
  if (!gl) return null;
  hidden.addEventListener("webglcontextlost", onLost);
  return new Surface(canvas, gl, onTurn);
}
