/** A picture on its way to the decoder's thread. */
export interface Frame {
  pixels: ArrayBuffer;
  width: number;
  height: number;
}
