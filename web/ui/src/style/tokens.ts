/** The look of Baochu, in one place: every colour, size and duration that the page and the map use. */
export const colour = {
  ground: '#0B1420',
  panel: '#111C2B',
  raised: '#182638',
  line: '#24354A',
  lineStrong: '#3B5371',
  text: '#E6EDF5',
  quiet: '#9DB0C5',
  faint: '#7C90A6',
  accent: '#3FA7FF',
  accentDim: '#16324D',
  success: '#37B679',
  successDim: '#123527',
  drill: '#B07CFF',
  drillDim: '#2B2044',
  /** Faults of the platform itself and of input. Soft on purpose: the bright red belongs to warnings. */
  fault: '#E7A6A6',
  /** For official warnings only, always with a word and a shape. */
  warning: { red: '#D7191C', orange: '#F57C00', yellow: '#FDD835', blue: '#1E88E5' },
} as const

export const mapColour = {
  beyond: '#0A111B',
  farLand: '#131E2B',
  land: '#0E1825',
  neighbour: '#0B131D',
  woods: '#12281F',
  grass: '#13241F',
  farmland: '#151F1F',
  tea: '#15291B',
  wetland: '#10262B',
  settled: '#121D2B',
  water: '#10304A',
  waterLine: '#164263',
  buildingLow: '#1B2838',
  buildingHigh: '#2A3B50',
  /** Buildings that stand, by use, from low to high. */
  solid: {
    home: { low: '#33465C', high: '#6F8BA8' },
    trade: { low: '#2F4B63', high: '#79A6C4' },
    works: { low: '#3D3F45', high: '#6F6A66' },
    public: { low: '#2F5250', high: '#6FA79C' },
  },
  sky: '#070D16',
  horizon: '#1B3047',
  fog: '#0F1B2A',
  casing: '#0A121C',
  roadPath: '#23313F',
  roadMinor: '#2A3A4F',
  roadMiddle: '#3A4E68',
  roadMajor: '#4A6281',
  roadTrunk: '#5B7696',
  admin: '#6E88A5',
  district: '#9DB0C5',
  label: '#AFC2D6',
  labelQuiet: '#8398AF',
  waterLabel: '#6FA6CF',
  halo: '#0A121C',
  routeOther: '#3A86C8',
  shelter: '#7FCFA8',
  target: '#B9C6D4',
  /** Answers of the roads. */
  reach: '#4CC3B5',
  island: '#E6EDF5',
  single: '#E39BC0',
  housed: '#45B8AC',
  full: '#DCC9A3',
  far: '#E6EDF5',
  /** What our own prompts and models say of water: hatched or dotted, never solid. */
  suggest: '#8FD3F4',
  front: '#E0B48C',
  gas: '#C9C28F',
  seen: '#EFE0B0',
  depths: ['#2E74A0', '#60B0DA', '#AADCF5'],
  /** Typhoons: grades from weak to strong, also told by shape; the cone of a forecast; wind circles. */
  cyclone: { TD: '#4E7F93', TS: '#5B9FAE', STS: '#77BFC0', TY: '#A3D9CB', STY: '#CDEDDC', SuperTY: '#FFFFFF' },
  cone: '#9DB0C5',
  gale: '#C9B6DD',
  people: ['#16283A', '#1E3D4C', '#2F5F6B', '#4F8A8B', '#8FC1B5'],
} as const

/** The five-colour scale of towns: no warnings, and muted so that none is taken for one. */
export const fiveColour = { red: '#B04A55', orange: '#BC7A45', yellow: '#B9A552', blue: '#4A78AE', green: '#3F8A64', unknown: '#59697C' } as const

/** How bright the brightest of a base map from outside may be: a drawn sheet is nearly white, an image is not. */
export const baseMapLight = { drawn: 0.5, image: 0.75 } as const

/** Multiples of the root size, which is 16 px at 1920 × 1080 and grows with the screen. */
export const size = { s14: '.875rem', s16: '1rem', s20: '1.25rem', s28: '1.75rem', s40: '2.5rem', s64: '4rem' } as const

export const motion = { pulseMs: 2000, quickMs: 120, flyMs: 900 } as const

/** An alarm: two tones, this long and loud, again and again until somebody has taken note. */
export const sound = { tonesHz: [880, 660], toneS: 0.18, loud: 0.25, everyMs: 2500 } as const

/** Seconds without a word from the server after which data is called stale, then offline. */
export const freshness = { staleS: 12, offlineS: 30 } as const

export const font = {
  text: "'Noto Sans SC Variable', 'Noto Sans SC', 'Noto Sans CJK SC', sans-serif",
  map: 'Baochu Map',
} as const

function properties(): Record<string, string> {
  const { warning, ...plain } = colour
  const out: Record<string, string> = { '--font': font.text }
  for (const [name, value] of Object.entries(plain)) out[`--${kebab(name)}`] = value
  for (const [name, value] of Object.entries(warning)) out[`--warning-${name}`] = value
  for (const [name, value] of Object.entries(size)) out[`--${name}`] = value
  out['--suggest'] = mapColour.suggest
  for (const [name, value] of Object.entries(fiveColour)) out[`--five-${name}`] = value
  return { ...out, ...elementPlus() }
}

function elementPlus(): Record<string, string> {
  const c = colour
  const out: Record<string, string> = {
    '--el-bg-color': c.panel,
    '--el-bg-color-page': c.ground,
    '--el-bg-color-overlay': c.raised,
    '--el-fill-color-blank': c.ground,
    '--el-fill-color-light': c.raised,
    '--el-fill-color': c.raised,
    '--el-border-color': c.lineStrong,
    '--el-border-color-light': c.line,
    '--el-border-color-lighter': c.line,
    '--el-border-color-hover': c.quiet,
    '--el-text-color-primary': c.text,
    '--el-text-color-regular': c.text,
    '--el-text-color-secondary': c.quiet,
    '--el-text-color-placeholder': c.faint,
    '--el-font-family': font.text,
    '--el-font-size-base': size.s16,
    '--el-border-radius-base': '.25rem',
    '--el-mask-color': 'rgb(5 10 17 / 70%)',
  }
  const roles = { primary: c.accent, success: c.success, danger: c.fault, error: c.fault, warning: c.quiet, info: c.quiet }
  for (const [role, value] of Object.entries(roles)) {
    out[`--el-color-${role}`] = value
    for (const step of [3, 5, 7, 8, 9])
      out[`--el-color-${role}-light-${step}`] = `color-mix(in srgb, ${value}, ${c.ground} ${step * 10}%)`
    out[`--el-color-${role}-dark-2`] = `color-mix(in srgb, ${value}, white 20%)`
  }
  return out
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

/** Writes the tokens where style sheets can read them. */
export function installTokens(root: HTMLElement = document.documentElement): void {
  for (const [name, value] of Object.entries(properties())) root.style.setProperty(name, value)
}
