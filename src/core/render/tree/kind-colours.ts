/** Fill and line of a kind of node: the same in DOT and SVG. */
interface KindColour {
  readonly fill: string;
  readonly line: string;
}

const PLAIN: KindColour = { fill: '#f1f3f5', line: '#868e96' };

const COLOURS: Readonly<Record<string, KindColour>> = {
  mount: { fill: '#fff9db', line: '#e67700' },
  md: { fill: '#d3f9d8', line: '#2b8a3e' },
  crypt: { fill: '#ffe3e3', line: '#c92a2a' },
  lvm: { fill: '#d0ebff', line: '#1864ab' },
  thin: { fill: '#d0ebff', line: '#1864ab' },
  'volume-group': { fill: '#e7f5ff', line: '#1864ab' },
  btrfs: { fill: '#f3d9fa', line: '#862e9c' },
  integrity: { fill: '#ffe8cc', line: '#d9480f' },
  missing: { fill: '#ffffff', line: '#c92a2a' },
  unknown: { fill: '#ffffff', line: '#c92a2a' },
};

export const colourOf = (kind: string): KindColour => COLOURS[kind] ?? PLAIN;
