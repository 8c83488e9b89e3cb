/** A canvas drawn on with any pointer, as fine as the screen; it knows its strokes, so that one can be taken back. */

interface Stroke {
  readonly colour: string;
  readonly points: [number, number][];
}

const WIDTH = 3;

export class Sheet {
  readonly canvas: HTMLCanvasElement;
  colour = '#111111';
  private readonly strokes: Stroke[] = [];
  private readonly onChange: (nStrokes: number) => void;
  private readonly scale = Math.min(2, devicePixelRatio);
  private readonly pen: CanvasRenderingContext2D | null;

  constructor(canvas: HTMLCanvasElement, onChange: (nStrokes: number) => void) {
    this.canvas = canvas;
    this.onChange = onChange;
    canvas.width = canvas.clientWidth * this.scale;
    canvas.height = canvas.clientHeight * this.scale;
    this.pen = canvas.getContext('2d');
    canvas.addEventListener('pointerdown', this.down);
    canvas.addEventListener('pointermove', this.move);
    this.paint();
  }

  get nStrokes(): number {
    return this.strokes.length;
  }

  /** Take the last stroke back, or all. */
  undo(isAll: boolean): void {
    this.strokes.splice(isAll ? 0 : -1);
    this.paint();
    this.onChange(this.nStrokes);
  }

  close(): void {
    this.canvas.removeEventListener('pointerdown', this.down);
    this.canvas.removeEventListener('pointermove', this.move);
  }

  private readonly down = (event: PointerEvent): void => {
    this.canvas.setPointerCapture(event.pointerId);
    this.strokes.push({ colour: this.colour, points: [this.at(event)] });
    this.paint();
    this.onChange(this.nStrokes);
  };

  private readonly move = (event: PointerEvent): void => {
    const stroke = this.strokes[this.strokes.length - 1];
    if (event.buttons === 0 || stroke === undefined) return;
    stroke.points.push(this.at(event));
    this.draw({ ...stroke, points: stroke.points.slice(-2) });
  };

  private at({ offsetX, offsetY }: PointerEvent): [number, number] {
    return [offsetX * this.scale, offsetY * this.scale];
  }

  /** White below, so that the drawing is seen on whatever it is laid upon. */
  private paint(): void {
    const { pen, canvas } = this;
    if (!pen) return;
    pen.fillStyle = '#fff';
    pen.fillRect(0, 0, canvas.width, canvas.height);
    this.strokes.forEach(stroke => this.draw(stroke));
  }

  private draw({ colour, points }: Stroke): void {
    const [first] = points;
    if (!this.pen || first === undefined) return;
    this.pen.lineWidth = WIDTH * this.scale;
    this.pen.lineCap = this.pen.lineJoin = 'round';
    this.pen.strokeStyle = colour;
    this.pen.beginPath();
    this.pen.moveTo(...first);
    // A dot is a line of no length.
    for (const point of points.length > 1 ? points.slice(1) : points) this.pen.lineTo(...point);
    this.pen.stroke();
  }
}
