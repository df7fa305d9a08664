/** Whether a media query holds, as it changes. */
import { onBeforeUnmount, ref, type Ref } from 'vue'

export function useMedia(query: string): Ref<boolean> {
  const list = window.matchMedia(query)
  const holds = ref(list.matches)
  const change = () => (holds.value = list.matches)
  list.addEventListener('change', change)
  onBeforeUnmount(() => list.removeEventListener('change', change))
  return holds
}
