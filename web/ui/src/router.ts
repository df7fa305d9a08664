/** Which world the address names: `/` is the real one, `/w/drill-xyz` a drill. */
import { ref } from 'vue'

export const LIVE = 'live'

export function worldOf(path: string): string {
  const found = /^\/w\/([^/]+)\/?$/.exec(path)
  return found?.[1] ? decodeURIComponent(found[1]) : LIVE
}
export function pathOf(world: string): string {
  return world === LIVE ? '/' : `/w/${encodeURIComponent(world)}`
}

export const world = ref(worldOf(location.pathname))

export function goTo(name: string): void {
  if (name === world.value) return
  history.pushState(null, '', pathOf(name))
  world.value = name
}

window.addEventListener('popstate', () => {
  world.value = worldOf(location.pathname)
})
