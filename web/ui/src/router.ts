/** Which page the address names: `/` is the wall, `/w/drill-xyz` a drill's wall; desks have paths of their own. */
import { ref, shallowRef } from 'vue'

export const LIVE = 'live'
export const DESKS = ['duty', 'drill', 'plan', 'census', 'safety', 'admin'] as const
export type DeskName = (typeof DESKS)[number]
export type Page = { name: 'desk'; desk: DeskName } | { name: 'wall'; world: string } | { name: 'screen'; world: string } | { name: 'field'; world: string } | { name: 'accounts' } | { name: 'registers'; key: string; row?: string } | { name: 'import'; key: string }

export function pageOf(path: string): Page {
  const [first = '', second = '', ...rest] = path.replace(/^\/+|\/+$/g, '').split('/').map(decode)
  if (first === 'registers' && second && rest.length === 1 && rest[0] === 'import') return { name: 'import', key: second }
  if (rest.length === 0) {
    if (first === 'screen') return { name: 'screen', world: second || LIVE }
    if (first === 'field') return { name: 'field', world: second || LIVE }
    if (first === 'w' && second) return { name: 'wall', world: second }
    const desk = DESKS.find((one) => one === second)
    if (first === 'desk' && desk) return { name: 'desk', desk }
    if (first === 'admin' && second === 'accounts') return { name: 'accounts' }
    if (first === 'registers') return { name: 'registers', key: second }
  }
  return { name: 'wall', world: LIVE }
}
export function pathOf(page: Page): string {
  switch (page.name) {
    case 'wall':
      return page.world === LIVE ? '/' : `/w/${encodeURIComponent(page.world)}`
    case 'screen':
      return page.world === LIVE ? '/screen' : `/screen/${encodeURIComponent(page.world)}`
    case 'field':
      return page.world === LIVE ? '/field' : `/field/${encodeURIComponent(page.world)}`
    case 'desk':
      return `/desk/${page.desk}`
    case 'accounts':
      return '/admin/accounts'
    case 'import':
      return `/registers/${encodeURIComponent(page.key)}/import`
    case 'registers':
      return `/registers${page.key ? `/${encodeURIComponent(page.key)}` : ''}${page.row ? `?row=${encodeURIComponent(page.row)}` : ''}`
  }
}
function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

export const page = shallowRef<Page>(pageOf(location.pathname))
/** The world of the wall last looked at: a desk leads back to it. */
export const world = ref(page.value.name === 'wall' ? page.value.world : LIVE)

function show(to: Page): void {
  page.value = to
  if (to.name === 'wall') world.value = to.world
}
export function goTo(to: Page): void {
  if (pathOf(to) === location.pathname) return
  history.pushState(null, '', pathOf(to))
  show(to)
}

window.addEventListener('popstate', () => show(pageOf(location.pathname)))
